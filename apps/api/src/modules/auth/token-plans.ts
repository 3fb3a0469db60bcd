import type { Form } from '@bastionary/oauth/rules/form';
import { decideGrant } from '@bastionary/oauth/rules/scope';
import { tokenSettings } from '@bastionary/oauth/rules/token-settings';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/providers.js';
import type { KnownClient, TokenPlan } from './known-client.js';
import { ScopeCatalogue } from './scope-catalogue.js';

const REMEMBERED_MAX = 32;

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
    if (form.resources.length > 0) return this.decide(client, scope, form.resources);
    // Another catalogue may decide differently.
    if (client.plans.get(undefined)?.catalogue !== this.catalogue.generation) client.plans.clear();
    const known = client.plans.get(scope);
    if (known !== undefined) return known;
    const plan = this.decide(client, scope, []);
    if (client.plans.size < REMEMBERED_MAX) client.plans.set(scope, plan);
    return plan;
  }

  /** @throws OAuthFault invalid_scope, invalid_target */
  decide(client: KnownClient, scope: string | undefined, resources: readonly string[]): TokenPlan {
    const grant = decideGrant({ scope, resources }, client, this.catalogue.audienceOf);
    const audiences = [grant.audience].flat();
    const wishes = audiences.flatMap((identifier) => this.catalogue.resourceOf(identifier) ?? []);
    return { ...grant, ...tokenSettings(client, wishes, this.config.ACCESS_TOKEN_TTL_SECONDS), audiences };
  }
}
