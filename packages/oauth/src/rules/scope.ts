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

/** What a customer must have so that its clients get a scope. */
export interface Requirements {
  /** The feature that a scope needs; undefined if it needs none. */
  readonly featureOf: (scope: string) => string | undefined;
  readonly isHad: (feature: string) => boolean;
  /** Id of the customer, for the reason of a refusal. */
  readonly customerId: string;
}

/**
 * Of a client's scopes those whose feature its customer has. A scope that is asked for by name and lacks its feature
 * refuses the request; without a name it is left out.
 * @throws OAuthFault invalid_scope
 */
export function paidFor(
  scopes: ReadonlySet<string>,
  asked: string | undefined,
  { featureOf, isHad, customerId }: Requirements,
): ReadonlySet<string> {
  const names = asked?.split(' ');
  return new Set(
    [...scopes].filter((name) => {
      const needed = featureOf(name);
      if (needed === undefined || isHad(needed)) return true;
      if (!names?.includes(name)) return false;
      throw new OAuthFault('invalid_scope', 'A requested scope is unknown or not allowed for this client', {
        reasonCode: 'feature_missing',
        reason: `the scope ${name} needs the feature ${needed}, which customer ${customerId} does not have`,
      });
    }),
  );
}

export interface Grant {
  readonly scope: string;
  /** One identifier, or several if the scopes span resources. Never empty (RFC 9068 §2.2). */
  readonly audience: string | readonly string[];
  /** Whether the client named the scope; else it got all it has. */
  readonly requested: boolean;
}

/** What a client may ask for. */
export interface Entitled {
  readonly scopes: ReadonlySet<string>;
  /** Resources it is confined to; null: those that own its scopes. */
  readonly resources: ReadonlySet<string> | null;
}

/**
 * Decides what a token may do. Fails closed: what was asked for and is not allowed refuses the whole request.
 * Without `scope` every registered scope is granted (of the resources asked for, if any are: RFC 8707 §2.2).
 * @throws OAuthFault invalid_scope, or invalid_target for a resource that the client has nothing to do with
 */
export function decideGrant(
  request: { scope: string | undefined; resources: readonly string[] },
  client: Entitled,
  audienceOf: AudienceOf,
): Grant {
  const targets = new Set(request.resources.map(checkResource));
  const allowed = new Map(
    [...client.scopes].flatMap((name) => {
      const owner = audienceOf(name);
      return owner !== undefined && (client.resources?.has(owner) ?? true) ? [[name, owner]] : [];
    }),
  );
  const inTarget = (name: string): boolean => targets.size === 0 || targets.has(allowed.get(name) ?? '');
  const asked = request.scope === undefined ? undefined : parseScope(request.scope);

  const owners = new Set(allowed.values());
  for (const target of targets) {
    if (!owners.has(target)) {
      throw new OAuthFault('invalid_target', 'The resource is unknown or not allowed for this client', {
        reason: `resource ${target} is not one of the client's: ${list(owners)}`,
      });
    }
  }
  const foreign = asked?.filter((name) => !allowed.has(name)) ?? [];
  if (foreign.length > 0) {
    throw new OAuthFault('invalid_scope', 'A requested scope is unknown or not allowed for this client', {
      reason: `the client does not have ${list(foreign)}; it has ${list(allowed.keys())}`,
    });
  }
  if (asked?.some((name) => !inTarget(name))) {
    throw new OAuthFault('invalid_scope', 'A requested scope does not belong to the requested resource');
  }
  const granted = asked ?? [...allowed.keys()].filter(inTarget);
  const audiences = [...new Set(granted.map((name) => allowed.get(name) ?? ''))];
  const [first] = audiences;
  if (first === undefined) throw new OAuthFault('invalid_scope', 'This client has no scope');
  const audience = audiences.length === 1 ? first : audiences;
  return { scope: granted.join(' '), audience, requested: asked !== undefined };
}

const list = (names: Iterable<string>): string => [...names].slice(0, 20).join(' ') || 'none';

// RFC 8707 §2: an absolute URI without a fragment.
function checkResource(value: string): string {
  if (!URL.canParse(value) || value.includes('#')) {
    throw new OAuthFault('invalid_target', 'The resource must be an absolute URI without a fragment');
  }
  return value;
}
