import type { ValidationScope } from '@bastionary/contracts/license-validation';

const SINGLE = ['product', 'policy', 'user', 'machine', 'version', 'checksum'] as const;
const SEVERAL = ['fingerprint', 'components', 'entitlements'] as const;
type Name = (typeof SINGLE)[number] | (typeof SEVERAL)[number];

/** What a program would say, as typed; lists by commas. Empty: it does not say it. */
export type ScopeDraft = Record<Name, string>;

export const EMPTY_SCOPE = Object.fromEntries([...SINGLE, ...SEVERAL].map((name) => [name, ''])) as ScopeDraft;

const listOf = (typed: string) =>
  typed
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

export function toScope(draft: ScopeDraft): ValidationScope {
  const fingerprints = listOf(draft.fingerprint);
  return {
    ...Object.fromEntries(SINGLE.filter((name) => draft[name].trim()).map((name) => [name, draft[name].trim()])),
    ...(fingerprints.length === 1 && { fingerprint: fingerprints[0] }),
    ...(fingerprints.length > 1 && { fingerprints }),
    ...(draft.components.trim() && { components: listOf(draft.components) }),
    ...(draft.entitlements.trim() && { entitlements: listOf(draft.entitlements) }),
  };
}
