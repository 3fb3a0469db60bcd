import type { createLicensePolicyRequest } from '@bastionary/contracts/license-policies';
import type { ActivateMachineRequest } from '@bastionary/contracts/licenses';
import type { z } from 'zod';

type PolicyRequest = z.input<typeof createLicensePolicyRequest>;

/** A program that is bought once a year for one machine, and one that comes with a plan and floats. */
export const DESKTOP: PolicyRequest = {
  name: 'Desktop',
  max_machines: 1,
  strict: true,
  scheme: 'ED25519_SIGN',
  duration: 'P1Y',
  grace_duration: 14 * 86_400,
  authentication_strategy: 'LICENSE',
};
export const FLOATING: PolicyRequest = {
  name: 'Business, floating',
  plan: 'business',
  floating: true,
  max_machines: 4,
  strict: true,
  overage_strategy: 'ALLOW_1_25X_OVERAGE',
  require_heartbeat: true,
  // Longer than a demo is looked at: who lives today still lives tomorrow.
  heartbeat_duration: 7 * 86_400,
  heartbeat_cull_strategy: 'KEEP_DEAD',
  heartbeat_resurrection_strategy: 'ALWAYS_REVIVE',
  authentication_strategy: 'MIXED',
};

interface Issued {
  /** The short name of the customer; none: nobody's. */
  readonly customer?: string;
  readonly name: string;
  readonly daysAgo: number;
  /** Days from the present; default: by the policy. */
  readonly expiresIn?: number;
  readonly machine?: Omit<ActivateMachineRequest, 'components'>;
  readonly entitlement?: string;
  readonly user?: string;
  readonly later?: {
    readonly daysAgo: number;
    readonly act: 'suspend' | 'revoke' | 'reissue' | 'renew';
    readonly reason: string;
  };
}

/** Issued by hand under the desktop policy: something of every state. */
export const ISSUED: readonly Issued[] = [
  {
    customer: 'harbour',
    name: 'Drawing office',
    daysAgo: 140,
    machine: { fingerprint: '5c:02:9a:77:e1', name: 'Drawing table 3', platform: 'Windows 11', cores: 16 },
    entitlement: 'export_pdf',
    user: 'finch@harbour.example',
  },
  {
    customer: 'atelier',
    name: 'Counter',
    daysAgo: 190,
    expiresIn: 2,
    machine: { fingerprint: 'a1:44:0b:c9:52', name: 'Comptoir', cores: 4 },
  },
  {
    customer: 'kestrel',
    name: 'Test bench',
    daysAgo: 180,
    expiresIn: -5,
    machine: { fingerprint: 'be:71:30:aa:08', name: 'bench-2', platform: 'Ubuntu 26.04', cores: 32 },
  },
  { customer: 'lindgren', name: 'Reception', daysAgo: 170, expiresIn: -40 },
  {
    customer: 'coral',
    name: 'Front desk',
    daysAgo: 120,
    later: { daysAgo: 8, act: 'suspend', reason: 'Charged back; waiting for the bank' },
  },
  { customer: 'danube', name: 'Cutting room', daysAgo: 55, later: { daysAgo: 12, act: 'revoke', reason: 'Refunded' } },
  {
    customer: 'clover',
    name: 'Warehouse',
    daysAgo: 90,
    later: { daysAgo: 4, act: 'reissue', reason: 'The key stood in a public repository' },
  },
  {
    customer: 'maple',
    name: 'Office',
    daysAgo: 130,
    later: { daysAgo: 20, act: 'renew', reason: 'Paid for another year ahead of time' },
  },
  { customer: 'savanna', name: 'Field tablet', daysAgo: 60 },
  { name: 'Trade fair', daysAgo: 15, expiresIn: 30 },
];

/** Machines on the floating licences: how many run, and how many of them were not heard of for long. */
export const FLEETS: readonly (readonly [customer: string, machines: number, dead: number])[] = [
  ['nordlicht', 11, 0],
  ['harbour', 8, 1],
  ['sakura', 6, 2],
  // One more than it has seats for, which its policy tolerates.
  ['kiwi', 8, 0],
  ['aurora', 3, 0],
];
