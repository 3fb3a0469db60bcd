import type { Transaction } from '@bastionary/prisma/client';
import { type KeyEncryptionKeys, rewrap, seal, unseal } from './seal.js';

const purpose = (operatorId: string): string => `operator_totp|${operatorId}`;

/** The secret of an operator's authenticator app, as it is stored. */
export const sealTotpSecret = (keys: KeyEncryptionKeys, operatorId: string, secret: string): string =>
  seal(keys, purpose(operatorId), secret);

/** @throws SealError if it is not this operator's, or the key is gone */
export const openTotpSecret = (keys: KeyEncryptionKeys, operatorId: string, sealed: string): string =>
  unseal(keys, purpose(operatorId), sealed).toString();

/** Seals every secret under the first encryption key. Returns how many were under another. */
export async function rewrapTotpSecrets(tx: Transaction, keys: KeyEncryptionKeys): Promise<number> {
  let count = 0;
  for (const { operatorId, sealed } of await tx.operatorTotp.findMany()) {
    const rewrapped = rewrap(keys, purpose(operatorId), sealed);
    if (rewrapped === sealed) continue;
    count += (await tx.operatorTotp.updateMany({ where: { operatorId, sealed }, data: { sealed: rewrapped } })).count;
  }
  return count;
}
