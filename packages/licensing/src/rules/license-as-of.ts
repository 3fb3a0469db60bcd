import type { Suspension } from '@bastionary/contracts/licenses';
import type { ExplainedLicense, ExplainedMachine } from './explain-license.js';

/** An audit record of a licence. */
export interface LicenseRecord {
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface Change {
  readonly from: unknown;
}
type Changes = Readonly<Record<string, Change | undefined>>;

/**
 * A licence as it was before these records: each says what it changed. Its policy, its users and the heartbeats of its
 * machines are as they are recorded now.
 * @param later the newest first
 */
export function licenseAsOf(
  present: ExplainedLicense,
  later: readonly LicenseRecord[],
  fingerprint: string | undefined,
): ExplainedLicense {
  const past = later.reduce(before, present);
  const added = past.all.length - present.all.length;
  const machine = past.all.find((one) => one.fingerprint === fingerprint);
  const known = present.machines.filter(({ id }) => id === machine?.id);
  return {
    ...past,
    machines: machine === undefined || known.length > 0 ? known : [{ ...machine, userId: null, components: [] }],
    hasMachines: past.all.length > 0,
    used: { ...present.used, max_machines: Math.max(0, present.used.max_machines + added) },
  };
}

function before(license: ExplainedLicense, { action, detail }: LicenseRecord): ExplainedLicense {
  const by = detail.by as Suspension;
  switch (action) {
    case 'license.suspended':
      return { ...license, suspensions: license.suspensions.filter((one) => one !== by) };
    case 'license.reinstated':
      return { ...license, suspensions: [...license.suspensions, by] };
    case 'license.renewed':
      return beforeUpdate(license, detail as Changes);
    case 'license.updated':
      return beforeUpdate(license, (detail.changes ?? {}) as Changes);
    case 'machine.activated':
      return { ...license, all: license.all.filter(({ id }) => id !== detail.machine) };
    case 'machine.deactivated':
      return { ...license, all: [...license.all, gone(detail)] };
    default:
      return license;
  }
}

function beforeUpdate(license: ExplainedLicense, { expires_at, limits, max_machines }: Changes): ExplainedLicense {
  const own = limits === undefined ? license.limits : (limits.from as ExplainedLicense['limits']);
  return {
    ...license,
    ...(expires_at !== undefined && { expiresAt: expires_at.from === null ? null : new Date(String(expires_at.from)) }),
    limits: max_machines === undefined ? own : { ...own, max_machines: max_machines.from as number | null },
  };
}

/** Of a machine that has gone is known when it died, if it did. */
const gone = ({ machine, fingerprint, died_at }: LicenseRecord['detail']): ExplainedMachine => {
  const diesAt = typeof died_at === 'string' ? new Date(died_at) : null;
  return {
    id: String(machine),
    fingerprint: String(fingerprint),
    diesAt,
    lastHeartbeatAt: diesAt,
    resurrectedAt: null,
  };
};
