import type { SigningKey } from '@bastionary/contracts/tokens';

type Step = {
  name: string;
  /** What the key does from then on. */
  meaning: string;
  at: string | null;
  /** Whether it has happened, is planned, or has no date yet. */
  state: 'done' | 'planned' | 'open';
};

/** The life of a key, each step with the moment it happened or will happen. */
export const keySteps = (key: SigningKey): Step[] => {
  const planned = (step: NonNullable<SigningKey['next_change']>['step']) =>
    key.next_change?.step === step ? key.next_change.at : null;
  const steps: [name: string, meaning: string, happened: string | null, planned: string | null][] = [
    ['Published', 'APIs can fetch it', key.published_at, null],
    ['Active', 'signs every new token', key.activated_at, planned('promote')],
    ['Retiring', 'signs nothing, still checks tokens', key.retiring_at, planned('replace')],
    ['Retired', 'checks nothing any more', key.retired_at, planned('retire')],
  ];
  return steps.map(([name, meaning, happened, plan]) => ({
    name,
    meaning,
    at: happened ?? plan,
    state: happened ? 'done' : plan ? 'planned' : 'open',
  }));
};
