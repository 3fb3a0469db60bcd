import type { FlagSettings, SegmentRules } from '@bastionary/contracts/flag-rules';
import type { FlagType, FlagValue, SettingsPatch } from '@bastionary/contracts/flags';

/** What a flag is, in every environment. */
export interface FlagDefinition {
  readonly key: string;
  readonly type: FlagType;
  readonly variants: Readonly<Record<string, FlagValue>>;
  readonly defaultVariant: string;
  readonly offVariant: string;
  /** The switch feature without which it serves the off variant; null: for everybody. */
  readonly entitlement: string | null;
  /** Told to those who lack the entitlement. */
  readonly requiredPlan: string | null;
  /** Whether public client keys may evaluate it. */
  readonly isPublic: boolean;
}

/** What is arranged to change at an instant. */
export interface PlannedChange {
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
  readonly change: SettingsPatch;
}

/** A flag and what it does in one environment, now and as far as is arranged. */
export interface ConfiguredFlag {
  readonly definition: FlagDefinition;
  readonly settings: FlagSettings;
  /** The earliest first. */
  readonly planned: readonly PlannedChange[];
}

/** All that is evaluated in one environment. Archived flags are not in it. */
export interface EnvironmentModel {
  readonly environment: string;
  /** Decimal integer. */
  readonly revision: string;
  readonly flags: ReadonlyMap<string, ConfiguredFlag>;
  readonly segments: ReadonlyMap<string, SegmentRules>;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
/** What is evaluated: what the application sends and, as `$platform`, what the server alone says. */
export type Context = Readonly<Record<string, Json>>;

/** What the server knows of the caller, by its token. A feature's dots are colons here: dots separate names of a path. */
export interface Platform {
  readonly customer?: string;
  readonly client?: string;
  /** The key of the first plan; absent: none. */
  readonly plan?: string;
  readonly plans?: readonly string[];
  readonly entitlements?: Readonly<Record<string, Json>>;
  readonly license?: { readonly status: string; readonly [name: string]: Json };
}

export type Gate = 'kill_switch' | 'entitlement' | 'prerequisite';

/** What a flag is for one context at one moment. */
export interface Decision {
  readonly value: FlagValue;
  readonly variant: string;
  /** OFREP §2.4; DISABLED stands for a closed gate. */
  readonly reason: 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED';
  /** The gate that is closed; null: none. */
  readonly gate: Gate | null;
  /** Of a closed entitlement gate. */
  readonly requiredPlan: string | null;
  /** The rule that decided; null: none. */
  readonly rule: string | null;
}
