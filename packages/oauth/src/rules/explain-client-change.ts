import type { ExplainChange } from '@bastionary/contracts/explain';
import { toInstant } from '@bastionary/contracts/text';
import { statusAt } from './client-status.js';
import { credentialName } from './credential-name.js';
import { credentialStatusAt } from './credential-status.js';
import { type ClientFacts, type CredentialFacts, hasUsableCredential, isThere } from './explain-client.js';
import type { Missing } from './explain-grant.js';
import { isTaken } from './usable-credential.js';

/**
 * The least that gives a client what it lacks at an instant: one edit of the client for all that stands in it, and one
 * credential. What exists is prolonged before anything is made: whoever holds it need not be told.
 * @param until how long what is prolonged shall last
 * @returns null if nothing can
 */
export function clientChanges(client: ClientFacts, missing: Missing, at: number, until: Date): ExplainChange[] | null {
  if (!isThere(client, at)) return null;
  return [...editOf(client, missing, at, until), ...credentialChange(client, at, until)];
}

function editOf(client: ClientFacts, missing: Missing, at: number, until: Date): ExplainChange[] {
  const { clientId: target, scopes, resources, expiry } = client;
  const edits: [Record<string, string | string[]>, string][] = [];
  if (client.status === 'suspended') edits.push([{ status: 'active' }, 'resume it']);
  if (statusAt({ status: 'active', expiry }, at) === 'expired') {
    edits.push([{ expiry: toInstant(until) }, `let it last until ${toInstant(until)}`]);
  }
  if (missing.scopes.length > 0) {
    edits.push([{ scopes: [...scopes, ...missing.scopes] }, `give it ${missing.scopes.join(' ')}`]);
  }
  if (missing.resources.length > 0) {
    const wider = [...(resources ?? []), ...missing.resources];
    edits.push([{ resources: wider }, `let it ask for ${missing.resources.join(' ')}`]);
  }
  if (edits.length === 0) return [];
  const detail = `Of client ${target}: ${edits.map(([, told]) => told).join(', ')}.`;
  const body = Object.assign({}, ...edits.map(([part]) => part));
  return [
    {
      act: 'update_client',
      target,
      detail,
      request: { method: 'PATCH', path: `/api/clients/${target}`, body },
    },
  ];
}

function credentialChange(client: ClientFacts, at: number, until: Date): ExplainChange[] {
  const { clientId, authMethod } = client;
  if (hasUsableCredential(client, at)) return [];
  const path = `/api/clients/${clientId}/credentials`;
  const mendable = client.credentials.filter(({ kind }) => isTaken(kind, authMethod)).sort(bySoonest(at))[0];
  if (mendable !== undefined) {
    const isExpired = credentialStatusAt(mendable, at) === 'expired';
    const name = credentialName(mendable);
    const detail = isExpired
      ? `Let the credential ${name} last until ${toInstant(until)}; adding another one would do too.`
      : `Let the credential ${name} be valid at once.`;
    const body: Record<string, string | null> = isExpired ? { expires_at: toInstant(until) } : { not_before: null };
    const request = { method: 'PATCH' as const, path: `${path}/${mendable.id}`, body };
    return [{ act: 'update_credential', target: mendable.id, detail, request }];
  }
  if (authMethod === 'private_key_jwt') {
    const detail = `Register a public key of the client, which only its owner has: POST ${path} with kind public_key.`;
    return [{ act: 'add_credential', target: clientId, detail, request: null }];
  }
  const detail = 'Give the client a secret; only the answer shows it.';
  const request = { method: 'POST' as const, path, body: { kind: 'secret' } };
  return [{ act: 'add_credential', target: clientId, detail, request }];
}

// One that is still to begin before one that is over; of these the one that lasted longest.
const bySoonest =
  (at: number) =>
  (one: CredentialFacts, other: CredentialFacts): number => {
    const isOver = (credential: CredentialFacts) => credentialStatusAt(credential, at) === 'expired';
    if (isOver(one) !== isOver(other)) return isOver(one) ? 1 : -1;
    return isOver(one)
      ? (other.expiresAt?.getTime() ?? 0) - (one.expiresAt?.getTime() ?? 0)
      : (one.notBefore?.getTime() ?? 0) - (other.notBefore?.getTime() ?? 0);
  };
