import { createHash } from 'node:crypto';
import { toInstantOrNull } from '@bastionary/contracts/text';
import canonicalize from 'canonicalize';
import type { Resolved } from './resolve.js';

export interface SnapshotBytes {
  /** RFC 8785 canonical JSON of {customer, features, plans, status, valid_until}. */
  readonly body: string;
  /** SHA-256 of these bytes, base64url. */
  readonly hash: string;
}

/** The bytes of a snapshot, the same for everybody who has the same facts, and their digest. */
export function snapshotBytes({ customer, status, plans, features, validUntil }: Resolved): SnapshotBytes {
  const valid_until = toInstantOrNull(validUntil === null ? null : new Date(validUntil));
  const body = canonicalize({ customer, status, plans, features, valid_until });
  if (body === undefined) throw new Error('a snapshot has no canonical form');
  return { body, hash: createHash('sha256').update(body).digest('base64url') };
}
