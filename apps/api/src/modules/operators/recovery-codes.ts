import { randomBytes } from 'node:crypto';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { digestToken } from './session-token.js';

const HOW_MANY = 10;
const GROUPS = 4;
const GROUP_LENGTH = 6;
// Crockford's base32, lower case: nothing that is easily mistaken for something else.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 24 characters of 5 bits: what is stored of 120 random bits needs no slow hash (ASVS 6.5.2). */
function newRecoveryCode(): string {
  const characters = Array.from(randomBytes(GROUPS * GROUP_LENGTH), (byte) => ALPHABET.charAt(byte & 31));
  return Array.from({ length: GROUPS }, (_, group) =>
    characters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(''),
  ).join('-');
}

/** Ten new recovery codes; all earlier ones are worth nothing from now on. */
export async function replaceRecoveryCodes(tx: Transaction, operatorId: string, now: Date): Promise<string[]> {
  const codes = Array.from({ length: HOW_MANY }, newRecoveryCode);
  await tx.recoveryCode.deleteMany({ where: { operatorId } });
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ digest: digestToken(code), operatorId, createdAt: now })),
  });
  return codes;
}

/** Uses a code up. Whether it was one, and unused: of the same code twice at once, one is. */
export async function useRecoveryCode(tx: Transaction, operatorId: string, code: string, now: Date): Promise<boolean> {
  const where = { digest: digestToken(code), operatorId, usedAt: null };
  return (await tx.recoveryCode.updateMany({ where, data: { usedAt: now } })).count === 1;
}

export const countRecoveryCodes = (db: Reader, operatorId: string): Promise<number> =>
  db.recoveryCode.count({ where: { operatorId, usedAt: null } });
