import { OAuthFault } from './oauth-fault.js';

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * The names in a `scope` parameter (RFC 6749 §3.3): space-delimited, case-sensitive, in the order given, each once.
 * @throws OAuthFault invalid_scope if the text is not of that form
 */
export function parseScope(value: string): readonly string[] {
  const names = value.split(' ');
  if (!names.every((name) => SCOPE_TOKEN.test(name))) throw new OAuthFault('invalid_scope', 'The scope is malformed');
  return [...new Set(names)];
}

/** A scope and the audience it means. */
export type AudienceOf = (scope: string) => string | undefined;

export interface Grant {
  readonly scope: string;
  /** One identifier, or several if the scopes span resources. Never empty (RFC 9068 §2.2). */
  readonly audience: string | readonly string[];
}

/**
 * Decides what a token may do. Fails closed: what was asked for and is not allowed refuses the whole request.
 * Without `scope` every registered scope is granted (of the resources asked for, if any are: RFC 8707 §2.2).
 * @throws OAuthFault invalid_scope, or invalid_target for a resource that the client has nothing to do with
 */
export function decideGrant(
  request: { scope: string | undefined; resources: readonly string[] },
  registered: ReadonlySet<string>,
  audienceOf: AudienceOf,
): Grant {
  const targets = new Set(request.resources.map(checkResource));
  const inTarget = (name: string): boolean => targets.size === 0 || targets.has(audienceOf(name) ?? '');
  const asked = request.scope === undefined ? undefined : parseScope(request.scope);

  for (const target of targets) {
    const known = [...registered].some((name) => audienceOf(name) === target);
    if (!known) throw new OAuthFault('invalid_target', 'The resource is unknown or not allowed for this client');
  }
  if (asked?.some((name) => !registered.has(name) || audienceOf(name) === undefined)) {
    throw new OAuthFault('invalid_scope', 'A requested scope is unknown or not allowed for this client');
  }
  if (asked?.some((name) => !inTarget(name))) {
    throw new OAuthFault('invalid_scope', 'A requested scope does not belong to the requested resource');
  }
  const granted = asked ?? [...registered].filter((name) => audienceOf(name) !== undefined && inTarget(name));
  const audiences = [...new Set(granted.map((name) => audienceOf(name) ?? ''))];
  const [first] = audiences;
  if (first === undefined) throw new OAuthFault('invalid_scope', 'This client has no scope');
  return { scope: granted.join(' '), audience: audiences.length === 1 ? first : audiences };
}

// RFC 8707 §2: an absolute URI without a fragment.
function checkResource(value: string): string {
  if (!URL.canParse(value) || value.includes('#')) {
    throw new OAuthFault('invalid_target', 'The resource must be an absolute URI without a fragment');
  }
  return value;
}
