import type { FeatureValue } from '@bastionary/contracts/entitlements';
import type { LicenseFacts, MachineFacts, Used } from './license-facts.js';

/** A published version of the product. */
export interface ReleaseFacts {
  readonly version: string;
  readonly checksums: readonly string[];
  readonly publishedAt: Date;
}

/** All that a validation looks at. Lists need hold no more than the scope names. */
export interface ValidationFacts extends LicenseFacts {
  readonly policyId: string;
  readonly product: { readonly id: string; readonly code: string };
  readonly customerId: string | null;
  readonly users: readonly { readonly id: string; readonly email: string }[];
  /** The dead ones too, as long as their rows are there. */
  readonly machines: readonly MachineFacts[];
  /** Whether it has any machine, dead or alive, in the scope or not. */
  readonly hasMachines: boolean;
  readonly used: Used;
  /** In force now, by code. */
  readonly entitlements: Readonly<Record<string, FeatureValue>>;
  /** Of the product: those that the scope names by version or checksum. */
  readonly releases: readonly ReleaseFacts[];
}
