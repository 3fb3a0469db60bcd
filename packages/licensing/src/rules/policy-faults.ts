import type { LimitName, PolicyTerms } from '@bastionary/contracts/license-policies';
import type { FieldFault } from '@bastionary/contracts/problem';
import type { LimitOverrides } from './license-facts.js';

const COUNTED = ['max_machines', 'max_cores', 'max_processes', 'max_users'] as const satisfies readonly LimitName[];
const PARTS = { ALLOW_1_25X_OVERAGE: 4, ALLOW_1_5X_OVERAGE: 2 } as const;

/** What the terms of a policy say that cannot be true together; each at the field to change. */
export const policyFaults = (terms: PolicyTerms): FieldFault[] => [
  ...seatFaults(terms),
  ...overageFaults(terms),
  ...heartbeatFaults(terms),
  ...timeFaults(terms),
];

function seatFaults({ floating, max_machines }: PolicyTerms): FieldFault[] {
  if (floating || max_machines === null || max_machines === 1) return [];
  return [fault('/max_machines', 'must be 1, or floating must be true: without floating it is locked to one machine')];
}

function overageFaults(terms: PolicyTerms): FieldFault[] {
  const { floating, overage_strategy } = terms;
  if (overage_strategy !== 'ALLOW_1_25X_OVERAGE' && overage_strategy !== 'ALLOW_1_5X_OVERAGE') return [];
  if (!floating) {
    return [fault('/overage_strategy', 'cannot be a part of one machine: set floating to true, or allow 2x')];
  }
  const parts = PARTS[overage_strategy];
  return COUNTED.filter((name) => (terms[name] ?? 0) % parts !== 0).map((name) =>
    fault(`/${name}`, `must be divisible by ${parts}, so that ${overage_strategy} gives whole ones`),
  );
}

function heartbeatFaults(terms: PolicyTerms): FieldFault[] {
  const { heartbeat_cull_strategy, heartbeat_resurrection_strategy } = terms;
  if (heartbeat_resurrection_strategy !== 'ALWAYS_REVIVE' || heartbeat_cull_strategy === 'KEEP_DEAD') return [];
  return [
    fault(
      '/heartbeat_resurrection_strategy',
      'needs heartbeat_cull_strategy KEEP_DEAD: who is removed cannot come back',
    ),
  ];
}

function timeFaults(terms: PolicyTerms): FieldFault[] {
  const { expiration_strategy, grace_duration } = terms;
  const { require_check_in, check_in_interval, check_in_interval_count } = terms;
  const isCutOff = expiration_strategy === 'RESTRICT_ACCESS' || expiration_strategy === 'REVOKE_ACCESS';
  return [
    ...(grace_duration && !isCutOff
      ? [fault('/grace_duration', `must be left out: with ${expiration_strategy} it works on after its expiry anyway`)]
      : []),
    ...(check_in_interval === null && (require_check_in || check_in_interval_count !== null)
      ? [fault('/check_in_interval', 'must be there: day, week, month or year')]
      : []),
  ];
}

/** What the limits of one licence say that its policy does not allow. */
export const limitFaults = (terms: PolicyTerms, own: LimitOverrides): FieldFault[] =>
  terms.floating || own.max_machines === undefined || own.max_machines === 1
    ? []
    : [fault('/max_machines', 'must be 1 or left out: the policy is not floating, so it is locked to one machine')];

const fault = (path: string, message: string): FieldFault => ({ path, code: 'contradiction', message });
