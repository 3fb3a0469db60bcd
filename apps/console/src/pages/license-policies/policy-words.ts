import type { LimitName, PolicyTerms } from '@bastionary/contracts/license-policies';

type Choices<Name extends keyof PolicyTerms> = { value: Exclude<PolicyTerms[Name], null>; label: string }[];

export const LIMIT_WORDS: Record<LimitName, { label: string; what: string }> = {
  max_machines: { label: 'Machines', what: 'machines' },
  max_cores: { label: 'Cores', what: 'cores of all machines' },
  max_memory: { label: 'Memory', what: 'memory of all machines' },
  max_disk: { label: 'Disk', what: 'disk of all machines' },
  max_processes: { label: 'Processes', what: 'processes' },
  max_users: { label: 'Users', what: 'users' },
  max_uses: { label: 'Uses', what: 'uses' },
};

export const EXPIRATION: Choices<'expiration_strategy'> = [
  { value: 'RESTRICT_ACCESS', label: 'is not valid' },
  { value: 'REVOKE_ACCESS', label: 'is not valid, nor can it authenticate' },
  { value: 'MAINTAIN_ACCESS', label: 'is valid for releases of before' },
  { value: 'ALLOW_ACCESS', label: 'stays valid' },
];
export const BASIS: Choices<'expiration_basis'> = [
  { value: 'FROM_CREATION', label: 'its creation' },
  { value: 'FROM_FIRST_VALIDATION', label: 'its first validation' },
  { value: 'FROM_FIRST_ACTIVATION', label: 'its first activation of a machine' },
  { value: 'FROM_FIRST_DOWNLOAD', label: 'its first file' },
  { value: 'FROM_FIRST_USE', label: 'its first counted use' },
];
export const RENEWAL: Choices<'renewal_basis'> = [
  { value: 'FROM_EXPIRY', label: 'its expiry' },
  { value: 'FROM_NOW', label: 'the day of the renewal' },
  { value: 'FROM_NOW_IF_EXPIRED', label: 'its expiry, or the renewal if that is past' },
];
export const TRANSFER: Choices<'transfer_strategy'> = [
  { value: 'KEEP_EXPIRY', label: 'keeps its expiry' },
  { value: 'RESET_EXPIRY', label: 'begins a new time' },
];
export const OVERAGE: Choices<'overage_strategy'> = [
  { value: 'NO_OVERAGE', label: 'Nothing more' },
  { value: 'ALLOW_1_25X_OVERAGE', label: '1.25 times as much' },
  { value: 'ALLOW_1_5X_OVERAGE', label: '1.5 times as much' },
  { value: 'ALLOW_2X_OVERAGE', label: 'Twice as much' },
  { value: 'ALWAYS_ALLOW_OVERAGE', label: 'Any amount' },
];
export const CULL: Choices<'heartbeat_cull_strategy'> = [
  { value: 'DEACTIVATE_DEAD', label: 'loses its seat at once' },
  { value: 'KEEP_DEAD', label: 'keeps its seat' },
];
export const REVIVE: Choices<'heartbeat_resurrection_strategy'> = [
  { value: 'NO_REVIVE', label: 'cannot come back' },
  ...([1, 2, 5, 10, 15] as const).map((minutes) => ({
    value: `${minutes}_MINUTE_REVIVE` as const,
    label: `can come back within ${minutes === 1 ? 'a minute' : `${minutes} minutes`}`,
  })),
  { value: 'ALWAYS_REVIVE', label: 'can come back at any time' },
];
export const HEARTBEAT_BASIS: Choices<'heartbeat_basis'> = [
  { value: 'FROM_CREATION', label: 'its activation' },
  { value: 'FROM_FIRST_PING', label: 'its first heartbeat' },
];
const WITHIN = [
  ['ACCOUNT', 'one licence of all'],
  ['PRODUCT', 'one licence of the product'],
  ['POLICY', 'one licence of the policy'],
] as const;
export const MACHINE_UNIQUENESS: Choices<'machine_uniqueness_strategy'> = [
  { value: 'UNIQUE_PER_LICENSE', label: 'any number of licences' },
  ...WITHIN.map(([scope, label]) => ({ value: `UNIQUE_PER_${scope}` as const, label: `only ${label}` })),
];
export const COMPONENT_UNIQUENESS: Choices<'component_uniqueness_strategy'> = [
  { value: 'UNIQUE_PER_MACHINE', label: 'any number of machines' },
  { value: 'UNIQUE_PER_LICENSE', label: 'only one machine of a licence' },
  ...WITHIN.map(([scope, label]) => ({ value: `UNIQUE_PER_${scope}` as const, label: `machines of only ${label}` })),
];
export const MATCHING: Choices<'machine_matching_strategy'> = [
  { value: 'MATCH_ANY', label: 'one of them' },
  { value: 'MATCH_TWO', label: 'two of them' },
  { value: 'MATCH_MOST', label: 'half of them' },
  { value: 'MATCH_ALL', label: 'all of them' },
];
export const MACHINE_LEASING: Choices<'machine_leasing_strategy'> = [
  { value: 'PER_LICENSE', label: 'of the licence' },
  { value: 'PER_USER', label: 'of each user of it' },
];
export const PROCESS_LEASING: Choices<'process_leasing_strategy'> = [
  { value: 'PER_MACHINE', label: 'on each machine' },
  { value: 'PER_LICENSE', label: 'of the licence' },
  { value: 'PER_USER', label: 'of each user of it' },
];
export const INTERVALS: Choices<'check_in_interval'> = [
  { value: 'day', label: 'days' },
  { value: 'week', label: 'weeks' },
  { value: 'month', label: 'months' },
  { value: 'year', label: 'years' },
];
export const SCHEMES = [
  { value: 'ED25519_SIGN', label: 'Signed with Ed25519' },
  { value: 'ECDSA_P256_SIGN', label: 'Signed with ECDSA P-256' },
  { value: 'RSA_2048_PKCS1_PSS_SIGN_V2', label: 'Signed with RSA-PSS 2048' },
  { value: 'RSA_2048_PKCS1_SIGN_V2', label: 'Signed with RSA PKCS #1 2048' },
  { value: '', label: 'Random' },
];
export const SCOPES = [
  'product',
  'policy',
  'machine',
  'fingerprint',
  'components',
  'user',
  'checksum',
  'version',
] as const;
