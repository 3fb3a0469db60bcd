import type { FlagValue } from '@bastionary/contracts/flags';

/** JsonLogic, as flagd understands it. */
export type Logic = null | boolean | number | string | readonly Logic[] | { readonly [operator: string]: Logic };

/** A flag as flagd defines it. */
export interface FlagdFlag {
  readonly state: 'ENABLED';
  readonly variants: Readonly<Record<string, FlagValue>>;
  readonly defaultVariant: string;
  readonly targeting?: Logic;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

/** Flag definitions of an environment (flagd.dev/schema/v0/flags.json). */
export interface FlagdDocument {
  readonly $schema: 'https://flagd.dev/schema/v0/flags.json';
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
  readonly $evaluators: Readonly<Record<string, Logic>>;
  readonly flags: Readonly<Record<string, FlagdFlag>>;
}
