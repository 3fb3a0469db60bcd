import type { Form } from '@bastionary/oauth/rules/form';
import { decideGrant, type Entitled } from '@bastionary/oauth/rules/scope';
import { tokenSettings } from '@bastionary/oauth/rules/token-settings';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/providers.js';
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
  planFor(client: KnownClient, form: Form): TokenPlan {
    const scope = form.get('scope');
    if (form.resources.length > 0) return this.decide(client, client, scope, form.resources);
    return this.remembered(client, scope, () => this.decide(client, client, scope, []));
  }

  /**
   * Within what was granted before, and what the client still has of it (RFC 6749 §6: the same or less).
   * @throws OAuthFault invalid_scope, invalid_target
   */
  planWithin(client: KnownClient, granted: Granted, form: Form): TokenPlan {
    const scope = form.get('scope');
    const both = (names: readonly string[], others: ReadonlySet<string> | null): ReadonlySet<string> =>
      new Set(names.filter((name) => others?.has(name) ?? true));
    const entitled: Entitled = {
      scopes: both(granted.scope.split(' '), client.scopes),
      resources: both(granted.resources, client.resources),
    };
    const decide = () => this.decide(client, entitled, scope, form.resources);
    if (form.resources.length > 0) return decide();
    // No scope parameter has a line break.
    return this.remembered(client, [granted.scope, ...granted.resources, scope ?? ''].join('\n'), decide);
  }

  private remembered({ plans }: KnownClient, key: string | undefined, decide: () => TokenPlan): TokenPlan {
    // Another catalogue may decide differently.
    if (plans.catalogue !== this.catalogue.generation) {
      plans.byScope.clear();
      plans.catalogue = this.catalogue.generation;
    }
    const known = plans.byScope.get(key);
    if (known !== undefined) return known;
    const plan = decide();
    if (plans.byScope.size < REMEMBERED_MAX) plans.byScope.set(key, plan);
    return plan;
  }

  private decide(
    client: KnownClient,
    entitled: Entitled,
    scope: string | undefined,
    resources: readonly string[],
  ): TokenPlan {
    const grant = decideGrant({ scope, resources }, entitled, this.catalogue.audienceOf);
    const audiences = [grant.audience].flat();
    const wishes = audiences.flatMap((identifier) => this.catalogue.resourceOf(identifier) ?? []);
    return { ...grant, ...tokenSettings(client, wishes, this.config.ACCESS_TOKEN_TTL_SECONDS), audiences };
  }
}
