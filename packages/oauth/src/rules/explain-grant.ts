import type { ExplainStep } from '@bastionary/contracts/explain';
import type { ClientFacts } from './explain-client.js';
import { OAuthFault } from './oauth-fault.js';
import { type AudienceOf, decideGrant, paidFor, parseScope, type Requirements } from './scope.js';

/** The resources as far as a grant depends on them. */
export interface ScopeFacts extends Pick<Requirements, 'featureOf'> {
  readonly audienceOf: AudienceOf;
}

/** What a client would have to have besides; all empty if it gets what it asked for. */
export interface Missing {
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly features: readonly string[];
}

export interface GrantExplained {
  /** One scope after the other. */
  readonly steps: readonly ExplainStep[];
  /** What comes of them, where it is not told by what denies. */
  readonly verdict: readonly ExplainStep[];
  /** Identifiers of the resources that the token would be for; empty if there would be none. */
  readonly audiences: readonly string[];
  /** Features that decide: what the customer has of each belongs into the chain. */
  readonly features: readonly string[];
  /** Null: what was asked for does not exist, so nothing can give it. */
  readonly missing: Missing | null;
}

const NOTHING: Missing = { scopes: [], resources: [], features: [] };

/**
 * Whether the token endpoint would grant a scope, and what each name of it lacks. The verdict is `decideGrant` itself.
 * @param asked the `scope` parameter; undefined asks for all that the client has
 * @param isHad what the client's customer has; undefined for a client of the installation, which needs no feature
 */
export function explainGrant(
  client: ClientFacts,
  scopes: ScopeFacts,
  asked: string | undefined,
  isHad: Requirements['isHad'] | undefined,
): GrantExplained {
  const verdict = verdictOf(client, scopes, asked, isHad);
  const names = asked === undefined ? client.scopes : namesIn(asked);
  const looks = names.map((name) => lookAt(name, client, scopes, isHad));
  const steps = looks.flatMap((look) => stepsOf(look, client, asked !== undefined));
  if (!(verdict instanceof OAuthFault)) {
    const audiences = [verdict.audience].flat();
    const fact = `A token for "${verdict.scope}" is meant for ${audiences.join(' and ')}.`;
    const granted: ExplainStep = { step: 'grant', fact, id: null, result: 'allows' };
    const features = asked === undefined ? [] : featuresOf(looks);
    return { steps, verdict: [granted], audiences, features, missing: NOTHING };
  }
  const lacking =
    asked === undefined
      ? looks
          .filter(({ owner }) => owner !== undefined)
          .sort(byWant)
          .slice(0, 1)
      : looks;
  const missing = missingOf(lacking);
  // A missing feature denies further on, where it is explained; what else is wrong and has no step yet gets one.
  const isTold = steps.some(({ result }) => result === 'denies') || (missing?.features.length ?? 0) > 0;
  const refused: ExplainStep = { step: 'grant', fact: `${verdict.reason}.`, id: client.clientId, result: 'denies' };
  return { steps, verdict: isTold ? [] : [refused], audiences: [], features: featuresOf(lacking), missing };
}

function verdictOf(
  { scopes, resources, customerId }: ClientFacts,
  { audienceOf, featureOf }: ScopeFacts,
  asked: string | undefined,
  isHad: Requirements['isHad'] | undefined,
) {
  try {
    const all = new Set(scopes);
    const paid = isHad === undefined ? all : paidFor(all, asked, { featureOf, isHad, customerId: customerId ?? '' });
    const entitled = { scopes: paid, resources: resources === null ? null : new Set(resources) };
    return decideGrant({ scope: asked, resources: [] }, entitled, audienceOf);
  } catch (error) {
    if (error instanceof OAuthFault) return error;
    throw error;
  }
}

function namesIn(asked: string): readonly string[] {
  try {
    return parseScope(asked);
  } catch {
    return [];
  }
}

/** What stands for and against one scope. */
interface Look {
  readonly name: string;
  readonly isRegistered: boolean;
  /** Identifier of the resource that owns it; undefined if none does. */
  readonly owner: string | undefined;
  readonly isConfined: boolean;
  /** The feature it needs; undefined if it needs none. */
  readonly feature: string | undefined;
  readonly isFeatureHad: boolean;
}

function lookAt(
  name: string,
  client: ClientFacts,
  { audienceOf, featureOf }: ScopeFacts,
  isHad: Requirements['isHad'] | undefined,
): Look {
  const owner = audienceOf(name);
  const feature = isHad === undefined ? undefined : featureOf(name);
  return {
    name,
    isRegistered: client.scopes.includes(name),
    owner,
    isConfined: owner !== undefined && client.resources !== null && !client.resources.includes(owner),
    feature,
    isFeatureHad: feature === undefined || isHad === undefined || isHad(feature),
  };
}

function stepsOf(look: Look, client: ClientFacts, isAsked: boolean): ExplainStep[] {
  const { name, isRegistered, owner, isConfined, feature, isFeatureHad } = look;
  const steps: ExplainStep[] = [];
  // What was not asked for by name is left out of the token and refuses nothing.
  const against = isAsked ? 'denies' : 'informs';
  const add = (step: string, fact: string, id: string, result: ExplainStep['result']) =>
    steps.push({ step, fact, id, result });
  if (isAsked && isRegistered) add('scope', `The client has the scope ${name}.`, client.clientId, 'allows');
  if (!isRegistered) add('scope', `The client does not have the scope ${name}.`, client.clientId, against);
  if (owner === undefined) add('resource', `No resource owns the scope ${name}.`, name, against);
  else if (isConfined)
    add('resource', `The scope ${name} belongs to ${owner}, which the client may not ask for.`, owner, against);
  else add('resource', `The scope ${name} belongs to ${owner}.`, owner, 'allows');
  if (feature !== undefined) {
    const leftOut = isAsked || isFeatureHad ? '' : ', which the customer does not have: it is left out';
    add('scope_feature', `The scope ${name} needs the feature ${feature}${leftOut}.`, feature, 'informs');
  }
  return steps;
}

const wants = ({ isConfined, isFeatureHad }: Look): number => Number(isConfined) + Number(!isFeatureHad);
const byWant = (one: Look, other: Look): number => wants(one) - wants(other);

const featuresOf = (looks: readonly Look[]): string[] => [...new Set(looks.flatMap(({ feature }) => feature ?? []))];

function missingOf(looks: readonly Look[]): Missing | null {
  if (looks.length === 0 || looks.some(({ owner }) => owner === undefined)) return null;
  return {
    scopes: looks.filter(({ isRegistered }) => !isRegistered).map(({ name }) => name),
    resources: [...new Set(looks.flatMap(({ isConfined, owner }) => (isConfined && owner ? [owner] : [])))],
    features: featuresOf(looks.filter(({ isFeatureHad }) => !isFeatureHad)),
  };
}
