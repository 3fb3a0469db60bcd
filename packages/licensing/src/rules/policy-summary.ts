import type { LicenseScheme, PolicyTerms } from '@bastionary/contracts/license-policies';
import { bytesWords, counted, durationWords, listed } from './amount-words.js';
import { heartbeatBasis, heartbeatSeconds } from './heartbeat.js';

/**
 * What a policy means, in plain English sentences. What is as usual (renewal, transfer, uniqueness, matching) is said only
 * where it is not.
 */
export const policySummary = (terms: PolicyTerms, scheme: LicenseScheme | null = null): string =>
  [
    seats(terms),
    sizes(terms),
    overage(terms),
    ...time(terms),
    heartbeat(terms),
    checkIn(terms),
    identity(terms),
    required(terms),
    authentication(terms),
    key(scheme),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');

function seats({ floating, max_machines, machine_leasing_strategy, strict }: PolicyTerms): string {
  const whose =
    machine_leasing_strategy === 'PER_USER' ? 'Each user of a licence may run it on' : 'A licence may run on';
  const number = !floating
    ? 'one machine, which it is locked to'
    : max_machines === null
      ? 'any number of machines'
      : `up to ${counted(max_machines, 'machine')} at a time`;
  const counting = strict
    ? ' Validation needs a machine, and counts machines and what is on them.'
    : ' Machines are counted when they are activated, not at validation.';
  return `${whose} ${number}.${counting}`;
}

const PROCESSES = { PER_MACHINE: ' on each machine', PER_LICENSE: '', PER_USER: ' of each user' } as const;

function sizes(terms: PolicyTerms): string {
  const { max_users, max_cores, max_memory, max_disk, max_processes, max_uses, process_leasing_strategy } = terms;
  const limits = [
    max_users === null ? '' : counted(max_users, 'user'),
    max_processes === null ? '' : `${countedProcesses(max_processes)}${PROCESSES[process_leasing_strategy]}`,
    max_cores === null ? '' : `${counted(max_cores, 'core')} of all machines together`,
    max_memory === null ? '' : `${bytesWords(max_memory)} of memory of all machines together`,
    max_disk === null ? '' : `${bytesWords(max_disk)} of disk of all machines together`,
    max_uses === null ? '' : counted(max_uses, 'use'),
  ].filter((limit) => limit !== '');
  return limits.length === 0 ? '' : `It is limited to ${listed(limits)}.`;
}

const countedProcesses = (count: number): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? 'process' : 'processes'}`;

function overage({ overage_strategy }: PolicyTerms): string {
  const most = {
    NO_OVERAGE: '',
    ALLOW_1_25X_OVERAGE: 'Up to 1.25 times as much is tolerated, with a warning.',
    ALLOW_1_5X_OVERAGE: 'Up to 1.5 times as much is tolerated, with a warning.',
    ALLOW_2X_OVERAGE: 'Up to twice as much is tolerated, with a warning.',
    ALWAYS_ALLOW_OVERAGE: 'More is always tolerated, with a warning.',
  };
  return most[overage_strategy];
}

const BEGINS = {
  FROM_CREATION: 'its creation',
  FROM_FIRST_VALIDATION: 'its first validation',
  FROM_FIRST_ACTIVATION: 'its first activation of a machine',
  FROM_FIRST_DOWNLOAD: 'its first check-out of a file',
  FROM_FIRST_USE: 'its first counted use',
} as const;
const RENEWS = {
  FROM_EXPIRY: '',
  FROM_NOW: ' A renewal counts from the day of the renewal.',
  FROM_NOW_IF_EXPIRED: ' A renewal counts from its expiry, or from the day of the renewal if that is past.',
} as const;

function time(terms: PolicyTerms): string[] {
  const { duration, expiration_basis, renewal_basis, transfer_strategy } = terms;
  const lasts =
    duration === null
      ? 'It never expires unless a licence says when.'
      : `It lasts ${durationWords(duration)} from ${BEGINS[expiration_basis]}.${RENEWS[renewal_basis]}`;
  return [
    lasts,
    expiry(terms),
    transfer_strategy === 'RESET_EXPIRY' ? 'A licence that is transferred to it begins a new time.' : '',
  ];
}

function expiry({ expiration_strategy, grace_duration }: PolicyTerms): string {
  const grace = grace_duration ? ` after ${durationWords(grace_duration)} of grace` : '';
  const then = {
    RESTRICT_ACCESS: `Expired it is not valid${grace}, but can still authenticate.`,
    REVOKE_ACCESS: `Expired it is not valid${grace}, and cannot authenticate.`,
    MAINTAIN_ACCESS: 'Expired it stays valid, for releases published before.',
    ALLOW_ACCESS: 'Expired it stays valid.',
  };
  return then[expiration_strategy];
}

function heartbeat(terms: PolicyTerms): string {
  const { require_heartbeat, heartbeat_cull_strategy, heartbeat_resurrection_strategy } = terms;
  const every = durationWords(heartbeatSeconds(terms));
  const from = heartbeatBasis(terms) === 'FROM_CREATION' ? 'its activation' : 'its first heartbeat';
  const seat = heartbeat_cull_strategy === 'KEEP_DEAD' ? 'keeps its seat' : 'loses its seat at once';
  const minutes = /^\d+/.exec(heartbeat_resurrection_strategy)?.[0];
  const back = minutes
    ? `, and can come back within ${counted(Number(minutes), 'minute')}`
    : heartbeat_resurrection_strategy === 'ALWAYS_REVIVE'
      ? ', and can come back at any time'
      : '';
  const must = require_heartbeat
    ? 'A machine must send a heartbeat'
    : 'Heartbeats are not required; a machine that sends them must send one';
  return `${must} every ${every} from ${from} on, or it is dead and ${seat}${back}.`;
}

function checkIn({ require_check_in, check_in_interval, check_in_interval_count }: PolicyTerms): string {
  if (!require_check_in || check_in_interval === null) return '';
  const count = check_in_interval_count ?? 1;
  return `It must check in every ${count === 1 ? check_in_interval : counted(count, check_in_interval)}.`;
}

const MATCHES = {
  MATCH_ANY: 'one',
  MATCH_TWO: 'two',
  MATCH_MOST: 'half',
  MATCH_ALL: 'all',
} as const;
const WITHIN = {
  UNIQUE_PER_ACCOUNT: 'only one licence of all',
  UNIQUE_PER_PRODUCT: 'only one licence of the product',
  UNIQUE_PER_POLICY: 'only one licence of the policy',
} as const;

function identity(terms: PolicyTerms): string {
  const { machine_matching_strategy: machine, component_matching_strategy: component } = terms;
  const { machine_uniqueness_strategy: machines, component_uniqueness_strategy: components } = terms;
  return [
    machine === 'MATCH_ANY' ? '' : `Of several fingerprints ${MATCHES[machine]} must match.`,
    component === 'MATCH_ANY' ? '' : `Of the components of a machine ${MATCHES[component]} must match.`,
    machines === 'UNIQUE_PER_LICENSE' ? '' : `A machine can be activated under ${WITHIN[machines]}.`,
    components === 'UNIQUE_PER_MACHINE'
      ? ''
      : `A component can belong to ${components === 'UNIQUE_PER_LICENSE' ? 'only one machine of a licence' : `machines of ${WITHIN[components]}`}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

const SCOPES = [
  'product',
  'policy',
  'machine',
  'fingerprint',
  'components',
  'user',
  'checksum',
  'version',
  'environment',
] as const;

function required(terms: PolicyTerms): string {
  const names = SCOPES.filter((name) => terms[`require_${name}_scope`]);
  return names.length === 0 ? '' : `A validation must name the ${listed(names)}.`;
}

function authentication({ authentication_strategy }: PolicyTerms): string {
  const by = {
    TOKEN: 'Programs authenticate by a token.',
    LICENSE: 'Programs authenticate by the licence key.',
    MIXED: 'Programs authenticate by the licence key or a token.',
    NONE: 'Programs cannot authenticate; they can only validate by key.',
  };
  return by[authentication_strategy];
}

function key(scheme: LicenseScheme | null): string {
  if (scheme === null) return 'Keys are random.';
  const by = {
    ED25519_SIGN: 'Ed25519',
    ECDSA_P256_SIGN: 'ECDSA P-256',
    RSA_2048_PKCS1_PSS_SIGN_V2: 'RSA-PSS',
    RSA_2048_PKCS1_SIGN_V2: 'RSA',
  };
  return `Keys are signed by ${by[scheme]} and can be verified offline.`;
}
