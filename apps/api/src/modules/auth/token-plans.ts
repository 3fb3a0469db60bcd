import { isHad } from '@bastionary/entitlements/rules/feature-value';
import { decideGrant, type Entitled, paidFor, type Requirements } from '@bastionary/oauth/rules/scope';
import { tokenSettings } from '@bastionary/oauth/rules/token-settings';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/providers.js';
import type { KnownCustomer } from './customer-directory.js';
import type { Exchange } from './exchange.js';
import type { KnownClient, TokenPlan } from './known-client.js';
import { ScopeCatalogue } from './scope-catalogue.js';

const REMEMBERED_MAX = 32;

/** What was granted once, and bounds what follows from it. */
export interface Granted {
  readonly scope: string;
  readonly resources: readonly string[];
}

/** Decides what a client's token may do and what it is; remembers it for the requests that are always the same. */
@Injectable()
export class TokenPlans {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  /** @throws OAuthFault invalid_scope, invalid_target */
  planFor({ client, customer, form }: Exchange): TokenPlan {
    const scope = form.get('scope');
    const decide = () => this.decide(client, customer, client, scope, form.resources);
    return form.resources.length > 0 ? decide() : this.remembered(client, customer, scope, decide);
  }

  /**
   * Within what was granted before, and what the client still has of it (RFC 6749 §6: the same or less).
   * @throws OAuthFault invalid_scope, invalid_target
   */
  planWithin({ client, customer, form }: Exchange, granted: Granted): TokenPlan {
    const scope = form.get('scope');
    const both = (names: readonly string[], others: ReadonlySet<string> | null): ReadonlySet<string> =>
      new Set(names.filter((name) => others?.has(name) ?? true));
    const entitled: Entitled = {
      scopes: both(granted.scope.split(' '), client.scopes),
      resources: both(granted.resources, client.resources),
    };
    const decide = () => this.decide(client, customer, entitled, scope, form.resources);
    if (form.resources.length > 0) return decide();
    // No scope parameter has a line break.
    return this.remembered(client, customer, [granted.scope, ...granted.resources, scope ?? ''].join('\n'), decide);
  }

  private remembered(
    { plans }: KnownClient,
    customer: KnownCustomer | undefined,
    key: string | undefined,
    decide: () => TokenPlan,
  ): TokenPlan {
    const epoch = customer?.claim.epoch ?? 0;
    // Another catalogue, or another epoch, may decide differently.
    if (plans.catalogue !== this.catalogue.generation || plans.epoch !== epoch) {
      plans.byScope.clear();
      plans.catalogue = this.catalogue.generation;
      plans.epoch = epoch;
    }
    const known = plans.byScope.get(key);
    if (known !== undefined) return known;
    const plan = decide();
    if (plans.byScope.size < REMEMBERED_MAX) plans.byScope.set(key, plan);
    return plan;
  }

  private decide(
    client: KnownClient,
    customer: KnownCustomer | undefined,
    entitled: Entitled,
    scope: string | undefined,
    resources: readonly string[],
  ): TokenPlan {
    const scopes =
      customer === undefined ? entitled.scopes : paidFor(entitled.scopes, scope, this.requirements(customer));
    const grant = decideGrant({ scope, resources }, { ...entitled, scopes }, this.catalogue.audienceOf);
    const audiences = [grant.audience].flat();
    const wishes = audiences.flatMap((identifier) => this.catalogue.resourceOf(identifier) ?? []);
    return { ...grant, ...tokenSettings(client, wishes, this.config.ACCESS_TOKEN_TTL_SECONDS), audiences };
  }

  private requirements({ entitlements: { customer, features } }: KnownCustomer): Requirements {
    return {
      featureOf: this.catalogue.featureOf,
      isHad: (feature) => isHad(features[feature]),
      customerId: customer,
    };
  }
}
