import { useState } from 'react';

/**
 * What a form holds of a versioned object. Until something is changed it follows the object; from then on it stays with
 * the version the change was made on, which an edit has to name: a refetch behind the form must not hide a conflict.
 */
export const useDraft = <Draft>(current: Draft, etag: string) => {
  const [changed, setChanged] = useState<{ draft: Draft; base: Draft; etag: string } | null>(null);
  const { draft, base } = changed ?? { draft: current, base: current };
  return {
    draft,
    /** As it was when the first change was made. */
    base,
    etag: changed?.etag ?? etag,
    isChanged: JSON.stringify(draft) !== JSON.stringify(base),
    change: (part: Partial<Draft>) =>
      setChanged((previous) => ({
        draft: { ...(previous?.draft ?? current), ...part },
        base: previous?.base ?? current,
        etag: previous?.etag ?? etag,
      })),
    reset: () => setChanged(null),
  };
};

/** The members that differ. */
export const differences = <Draft extends object>(draft: Draft, base: Draft): Partial<Draft> =>
  Object.fromEntries(
    Object.entries(draft).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(base[name as keyof Draft]),
    ),
  ) as Partial<Draft>;
