import type { Warning } from '@bastionary/contracts/clients';
import { toInstant } from '@bastionary/contracts/text';
import { credentialName } from './credential-name.js';
import { sinceOrUntil } from './duration.js';

const DAY_MS = 86_400_000;
/** Days before the end at which its owner is warned, the nearest first. */
const STEPS = [1, 7, 30] as const;
export type WarningDays = (typeof STEPS)[number];
export const WARNED_WITHIN_MS = 30 * DAY_MS;

/** A warning that was given: so many days before that end. */
export interface GivenWarning {
  readonly expiresAt: Date;
  readonly days: number;
}

/**
 * The warning to be given now, or null. Each is given once; of those that were missed only the nearest; and when the end
 * moves, they begin anew.
 */
export function dueWarning(expiresAt: Date, given: GivenWarning | null, now: number): WarningDays | null {
  const left = expiresAt.getTime() - now;
  if (left <= 0) return null;
  const days = STEPS.find((step) => left <= step * DAY_MS) ?? null;
  if (days === null || given === null || given.expiresAt.getTime() !== expiresAt.getTime()) return days;
  return given.days <= days ? null : days;
}

interface Ending {
  readonly expiry: Date | null;
  readonly credentials: readonly {
    readonly label: string | null;
    readonly hint: string;
    readonly expiresAt: Date | null;
  }[];
}

/** What of a client ends soon, said in the answer that shows it. */
export function expiryWarnings({ expiry, credentials }: Ending, now: number): Warning[] {
  const isSoon = (end: Date | null): end is Date =>
    end !== null && end.getTime() > now && end.getTime() - now <= WARNED_WITHIN_MS;
  const when = (end: Date): string => `${sinceOrUntil(end.getTime(), now)} (${toInstant(end)})`;
  const ofClient = isSoon(expiry)
    ? [{ code: 'client_expires_soon', message: `The client expires ${when(expiry)} and gets no token from then on.` }]
    : [];
  return [
    ...ofClient,
    ...credentials.flatMap((credential) =>
      isSoon(credential.expiresAt)
        ? [
            {
              code: 'credential_expires_soon',
              message: `The credential ${credentialName(credential)} expires ${when(credential.expiresAt)}.`,
            },
          ]
        : [],
    ),
  ];
}
