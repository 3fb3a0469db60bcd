import { type PolicyTerms, policyTerms } from '@bastionary/contracts/license-policies';
import type { MachineFacts, Used } from '../src/rules/license-facts.js';
import type { ValidationFacts } from '../src/rules/validation-facts.js';

export const NOW = new Date('2030-06-15T12:00:00Z');
const DAY = 86_400_000;
export const daysFromNow = (days: number): Date => new Date(NOW.getTime() + days * DAY);
export const termsOf = (some: Partial<PolicyTerms> = {}): PolicyTerms => policyTerms.parse(some);

export const NOTHING_USED: Used = {
  max_machines: 0,
  max_cores: 0,
  max_memory: 0,
  max_disk: 0,
  max_processes: 0,
  max_users: 0,
  max_uses: 0,
};

export const machineOf = (some: Partial<MachineFacts> = {}): MachineFacts => ({
  id: 'mac_1',
  fingerprint: 'fp-1',
  userId: null,
  components: [],
  lastHeartbeatAt: null,
  diesAt: null,
  resurrectedAt: null,
  ...some,
});

export const licenseOf = (
  terms: Partial<PolicyTerms> = {},
  { used, ...some }: Partial<Omit<ValidationFacts, 'used'>> & { used?: Partial<Used> } = {},
): ValidationFacts => ({
  id: 'lic_1',
  policyId: 'pol_1',
  product: { id: 'prd_1', code: 'editor' },
  customerId: 'cus_1',
  terms: termsOf(terms),
  limits: {},
  createdAt: daysFromNow(-10),
  expiresAt: null,
  suspensions: [],
  revokedAt: null,
  isOwnerSuspended: false,
  lastValidatedAt: null,
  lastCheckInAt: null,
  lastCheckOutAt: null,
  users: [],
  machines: [],
  hasMachines: (some.machines?.length ?? 0) > 0,
  used: { ...NOTHING_USED, max_machines: some.machines?.length ?? 0, ...used },
  entitlements: {},
  releases: [],
  ...some,
});
