import { randomBytes } from 'node:crypto';
import { newId } from '@bastionary/platform/ids';
import { hashPassword } from '@bastionary/platform/password-hash';
import { digestSecret, encodeHmacDigest, formatSecret, isGeneratedSecret, secretHint } from '../rules/secret.js';
import type { Peppers } from './peppers.js';

export interface NewSecret {
  /** To be shown once. */
  readonly secret: string;
  readonly row: { id: string; kind: 'secret'; digest: string; hint: string; createdAt: Date };
}

/** Prepares a secret for storing: a chosen one, or one of 256 random bits. Secrets of our own form are digested fast, others slowly. */
export async function newSecret(chosen: string | undefined, peppers: Peppers, now: Date): Promise<NewSecret> {
  const secret = chosen ?? formatSecret(randomBytes(32));
  const digest = isGeneratedSecret(secret) ? peppered(secret, peppers) : await hashPassword(secret);
  return { secret, row: { id: newId('crd'), kind: 'secret', digest, hint: secretHint(secret), createdAt: now } };
}

function peppered(secret: string, peppers: Peppers): string {
  const pepper = peppers.get(peppers.newest);
  if (pepper === undefined) throw new Error('the newest pepper is missing');
  return encodeHmacDigest(peppers.newest, digestSecret(pepper, secret));
}
