import type { ExplainChange, ExplainRequest, ExplainStep, Explanation } from '@bastionary/contracts/explain';
import { usedAt } from '@bastionary/entitlements/actions/explain-facts';
import { usedOf } from '@bastionary/entitlements/actions/find-quota';
import { leastValue, type Need } from '@bastionary/entitlements/rules/explain-entitlement-change';
import { explainQuota } from '@bastionary/entitlements/rules/explain-quota';
import { isGiven, isHad } from '@bastionary/entitlements/rules/feature-value';
import { mayTake } from '@bastionary/entitlements/rules/quota';
import {
  type ExplainedClient,
  loadClientFacts,
  loadClientFactsAt,
  loadIssued,
  loadScopeFacts,
} from '@bastionary/oauth/actions/explain-facts';
import { explainClient, isThere } from '@bastionary/oauth/rules/explain-client';
import { clientChanges } from '@bastionary/oauth/rules/explain-client-change';
import { explainConditions } from '@bastionary/oauth/rules/explain-conditions';
import { explainGrant } from '@bastionary/oauth/rules/explain-grant';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { type CustomerView, loadCustomerView } from './customer-view.js';
import { explainLicenseQuestion } from './explain-license.js';
import { explainMoment, type Moment, momentOf } from './moment.js';

/** Whom a question is about: a client, and the customer that it belongs to or that was named. */
export interface Subject {
  readonly clientId: string | undefined;
  readonly customerId: string | null;
}

/**
 * @param own the customer whose client or licence it must be; null: anybody's, and the installation's
 * @throws AppError not_found
 */
export async function subjectOf(db: Reader, request: ExplainRequest, own: string | null = null): Promise<Subject> {
  const { client_id: clientId, customer_id: customerId = 'license' in request.question ? own : null } = request;
  if (clientId === undefined) return { clientId, customerId };
  const client = await loadClientFacts(db, clientId, own);
  return { clientId, customerId: client.customerId };
}

/**
 * Why the answer to a question is yes or no, and what would turn a no. Reads only, and by the rules that decide elsewhere.
 * To be asked of entitlements that are settled, and of one state of the database.
 * @throws AppError not_found, invalid_request
 */
export async function explain(db: Reader, request: ExplainRequest, subject: Subject, now: Date): Promise<Explanation> {
  const moment = momentOf(request.at, now);
  const { question } = request;
  if ('license' in question) {
    const { chain, changes } = await explainLicenseQuestion(db, question, subject.customerId, moment);
    return answer(chain, changes, moment);
  }
  if ('token' in question) return explainToken(db, subject.clientId ?? '', question.token.scope, moment);
  return 'feature' in question
    ? explainFeature(db, subject, question.feature, moment)
    : explainQuotaQuestion(db, subject, question.quota, moment);
}

async function explainToken(
  db: Reader,
  clientId: string,
  scope: string | undefined,
  moment: Moment,
): Promise<Explanation> {
  const at = moment.at.getTime();
  const client = await (moment.isPast ? loadClientFactsAt(db, clientId, moment.at) : loadClientFacts(db, clientId));
  const about = [...explainMoment(moment), ...explainClient(client, at)];
  if (!isThere(client, at)) return answer(about, null, moment);
  const scopes = await loadScopeFacts(db);
  const customer = client.customerId === null ? null : await loadCustomerView(db, client.customerId, moment);
  const isHadByCustomer = customer === null ? undefined : (feature: string) => isHad(customer.valueOf(feature));
  // RFC 6749 §3.1: without a value it counts as left out.
  const grant = explainGrant(client, scopes, scope || undefined, isHadByCustomer);
  const chain = [
    ...about,
    ...grant.steps,
    ...(customer === null ? [] : [customer.step]),
    ...grant.features.flatMap((feature) => customer?.chainOf(feature, isHad) ?? []),
    ...grant.verdict,
    ...explainConditions(await conditionsOf(db, client, grant.audiences.some(scopes.needsDpop), moment)),
  ];
  if (grant.missing === null) return answer(chain, null, moment);
  const needs = grant.missing.features.map((feature) => needOf(customer as CustomerView, feature));
  const ofClient = clientChanges(client, grant.missing, at, moment.until);
  return answer(chain, ofClient && [...ofClient, ...(customer?.changesFor(needs) ?? [])], moment);
}

const conditionsOf = async (db: Reader, client: ExplainedClient, isBound: boolean, { now, at }: Moment) => ({
  ...client,
  isDpopRequired: client.dpopBound || isBound,
  issued:
    client.tokenQuota !== null && at.getTime() === now.getTime() ? await loadIssued(db, client.clientId, now) : null,
});

function needOf(customer: CustomerView, key: string): Need {
  const feature = customer.definitionOf(key);
  return { feature, suffices: isHad, least: leastValue(feature.type) };
}

async function explainFeature(db: Reader, subject: Subject, key: string, moment: Moment): Promise<Explanation> {
  const about = [...explainMoment(moment), ...explainSubject(subject)];
  if (subject.customerId === null) return answer(about, null, moment);
  const customer = await loadCustomerView(db, subject.customerId, moment);
  const feature = customer.definitionOf(key);
  const need: Need = {
    feature,
    suffices: (value) => isGiven(feature.type, value),
    least: leastValue(feature.type),
  };
  const chain = [...about, customer.step, ...customer.chainOf(key, need.suffices)];
  return answer(chain, customer.changesFor([need]), moment);
}

async function explainQuotaQuestion(db: Reader, subject: Subject, key: string, moment: Moment): Promise<Explanation> {
  if (moment.isPast) {
    throw refused('/at', 'in_the_past', 'must not lie in the past: how much of a limit was taken then is not kept');
  }
  const about = [...explainMoment(moment), ...explainSubject(subject)];
  const { customerId } = subject;
  if (customerId === null) return answer(about, null, moment);
  const customer = await loadCustomerView(db, customerId, moment);
  const feature = customer.definitionOf(key);
  if (feature.type !== 'limit') {
    throw refused('/question/quota', 'not_a_limit', `is a ${feature.type}; only of a limit can a part be taken`);
  }
  const isNow = moment.at.getTime() === moment.now.getTime();
  const used = await (isNow ? usedOf(db, customerId, key) : usedAt(db, customerId, key, moment.at));
  const suffices = (value: unknown) => mayTake(value as number | null, used, 1);
  const limit = customer.valueOf(key) as number | null;
  const chain = [
    ...about,
    customer.step,
    ...customer.chainOf(key, suffices),
    explainQuota(customerId, key, { limit, used }),
  ];
  return answer(chain, customer.changesFor([{ feature, suffices, least: used + 1 }]), moment);
}

const refused = (path: string, code: string, message: string): AppError =>
  new AppError('invalid_request', `${path} ${message}.`, { faults: [{ path, code, message }] });

/** Features are customers': of a client only its owner counts. */
function explainSubject({ clientId, customerId }: Subject): ExplainStep[] {
  if (clientId === undefined) return [];
  const step = { step: 'client', id: clientId };
  return customerId === null
    ? [
        {
          ...step,
          fact: `Client ${clientId} belongs to the installation itself; only customers have features.`,
          result: 'denies',
        },
      ]
    : [{ ...step, fact: `Client ${clientId} belongs to customer ${customerId}.`, result: 'informs' }];
}

// The past cannot be turned.
function answer(chain: ExplainStep[], changes: readonly ExplainChange[] | null, { isPast }: Moment): Explanation {
  const allowed = chain.every(({ result }) => result !== 'denies');
  const [first, ...also] = changes ?? [];
  const smallest_change = allowed || isPast || first === undefined ? null : { ...first, also };
  return { allowed, chain, smallest_change };
}
