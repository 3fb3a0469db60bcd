import type { ExplainStep } from '@bastionary/contracts/explain';
import { toInstant } from '@bastionary/contracts/text';
import { type Lifecycle, statusAt } from './client-status.js';
import { credentialName } from './credential-name.js';
import { credentialStatusAt, type Validity } from './credential-status.js';
import { isTaken, isUsable } from './usable-credential.js';

export interface CredentialFacts extends Validity {
  readonly id: string;
  readonly kind: string;
  readonly label: string | null;
  readonly hint: string;
  readonly createdAt: Date;
}

/** All of a client that decides whether it gets a token. */
export interface ClientFacts extends Lifecycle {
  readonly clientId: string;
  readonly name: string;
  /** Null: the installation's own. */
  readonly customerId: string | null;
  readonly createdAt: Date;
  readonly scopes: readonly string[];
  /** Identifiers it is confined to; null: those that own its scopes. */
  readonly resources: readonly string[] | null;
  readonly authMethod: string | null;
  readonly dpopBound: boolean;
  readonly allowedAddresses: readonly string[];
  readonly credentials: readonly CredentialFacts[];
  /** How often credentials were removed or cut short since the instant asked: what they were is not kept. */
  readonly goneCredentials: number;
}

/** Whether there is such a client at an instant. Nothing can be done about one that was deleted. */
export const isThere = ({ status, createdAt }: ClientFacts, at: number): boolean =>
  status !== 'deleted' && createdAt.getTime() <= at;

/** The client itself, its standing and its credentials, each obstacle by itself. What is not there has one step. */
export function explainClient(client: ClientFacts, at: number): ExplainStep[] {
  const { clientId: id, name, customerId, createdAt, expiry } = client;
  const step = (fact: string, result: ExplainStep['result'], what = 'client'): ExplainStep => ({
    step: what,
    fact,
    id,
    result,
  });
  if (client.status === 'deleted') return [step(`Client ${id} was deleted; its id is never used again.`, 'denies')];
  if (!isThere(client, at)) return [step(`Client ${id} was registered later, at ${toInstant(createdAt)}.`, 'denies')];
  const owner = customerId === null ? 'the installation itself' : `customer ${customerId}`;
  const isSuspended = client.status === 'suspended';
  const isExpired = statusAt({ status: 'active', expiry }, at) === 'expired';
  return [
    step(`Client ${id}${name === id ? '' : ` (${name})`} belongs to ${owner}.`, 'allows'),
    step(`It is ${isSuspended ? 'suspended' : 'not suspended'}.`, isSuspended ? 'denies' : 'allows', 'client_status'),
    ...(expiry === null
      ? []
      : [
          step(
            `It ${isExpired ? 'expired' : 'expires'} at ${toInstant(expiry)}.`,
            isExpired ? 'denies' : 'allows',
            'client_expiry',
          ),
        ]),
    ...explainCredentials(client, at),
  ];
}

/** Whether it can prove itself: one usable credential is enough. */
export const hasUsableCredential = ({ credentials, authMethod }: ClientFacts, at: number): boolean =>
  credentials.some((one) => isUsable(one, authMethod, at));

function explainCredentials(client: ClientFacts, at: number): ExplainStep[] {
  const { clientId, credentials, goneCredentials, authMethod } = client;
  const isProven = hasUsableCredential(client, at);
  const isUnknown = !isProven && goneCredentials > 0;
  const steps = credentials.map((one): ExplainStep => {
    const isGood = isUsable(one, authMethod, at);
    return {
      step: 'credential',
      fact: `${credentialKind(one.kind)} ${credentialName(one)} ${credentialFact(one, authMethod, at)}.`,
      id: one.id,
      result: isGood ? 'allows' : isProven || isUnknown ? 'informs' : 'denies',
    };
  });
  const gone = `Credentials were removed or rotated ${goneCredentials} times since; what they were is not kept.`;
  if (goneCredentials > 0) steps.push({ step: 'credential', fact: gone, id: clientId, result: 'informs' });
  if (steps.length > 0) return steps;
  return [{ step: 'credential', fact: 'It has no credential to prove itself with.', id: clientId, result: 'denies' }];
}

const KINDS: Record<string, string> = { secret: 'Secret', public_key: 'Key', jwks_uri: 'Key source' };
const credentialKind = (kind: string): string => KINDS[kind] ?? kind;

function credentialFact({ kind, ...validity }: CredentialFacts, authMethod: string | null, at: number): string {
  if (!isTaken(kind, authMethod)) return `is of no use: the client is registered for ${authMethod}`;
  const { notBefore, expiresAt } = validity;
  const status = credentialStatusAt(validity, at);
  if (status === 'expired' && expiresAt !== null) return `expired at ${toInstant(expiresAt)}`;
  if (status === 'not_yet_valid' && notBefore !== null) return `is valid only from ${toInstant(notBefore)}`;
  return expiresAt === null ? 'is valid' : `is valid until ${toInstant(expiresAt)}`;
}
