import { toInstant } from '@bastionary/contracts/text';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { dueWarning, type WarningDays } from '../rules/expiry-warning.js';
import { appendClientEvent } from './append-client-event.js';
import { type Expiring, listExpiring } from './expiring.js';

// The rest of a flood waits for the next run.
const AT_ONCE = 500;
const LOOKED_AT = 100_000;

/** Writes the audit records of warnings that are due: 30, 7 and 1 days before a client or credential ends, each once. Returns how many. */
export async function warnOfExpiry(tx: Transaction, origin: Origin, now: Date): Promise<number> {
  await tx.expiryWarning.deleteMany({ where: { expiresAt: { lte: now } } });
  const due = (await listExpiring(tx, now, LOOKED_AT)).flatMap((ending) => {
    const days = dueWarning(ending.expiresAt, ending.given, now.getTime());
    return days === null ? [] : [{ ending, days }];
  });
  let given = 0;
  for (const { ending, days } of due.slice(0, AT_ONCE)) {
    if (!(await note(tx, ending, days))) continue;
    given++;
    const { action, target, data, label } = entry(ending, days);
    // Without a label of its own a credential is named by a hint of its secret, which does not leave the house.
    await appendAudit(tx, origin, { action, target, detail: { ...data, ...label } });
    await appendClientEvent(tx, { type: action, clientId: ending.clientId, data });
  }
  return given;
}

// Another worker may be at it: whoever writes the note first gives the warning.
async function note(tx: Transaction, { kind, id, expiresAt }: Expiring, days: WarningDays): Promise<boolean> {
  const written = await tx.$executeRaw`
    INSERT INTO expiry_warning AS noted (kind, subject, expires_at, days)
    VALUES (${kind}, ${id}, ${expiresAt}, ${days})
    ON CONFLICT (kind, subject) DO UPDATE SET expires_at = excluded.expires_at, days = excluded.days
    WHERE noted.expires_at <> excluded.expires_at OR noted.days > excluded.days`;
  return written === 1;
}

function entry({ kind, id, clientId, label, expiresAt }: Expiring, days: WarningDays) {
  const target = `client:${clientId}`;
  const data = { days, expires_at: toInstant(expiresAt) };
  return kind === 'client'
    ? { action: 'client.expiry_warning' as const, target, data, label: {} }
    : { action: 'credential.expiry_warning' as const, target, data: { ...data, credential: id }, label: { label } };
}
