import type { Form } from '@bastionary/oauth/rules/form';
import type { Grant } from '@bastionary/oauth/rules/scope';
import type { KnownClient } from '../client-directory.js';
import type { ScopeCatalogue } from '../scope-catalogue.js';
import { clientCredentials } from './client-credentials.js';

/** One way to get a token: reads what its request must have, and decides. */
export interface GrantType {
  readonly grantType: string;
  /** @throws OAuthFault */
  redeem(client: KnownClient, form: Form, catalogue: ScopeCatalogue): Grant;
}

/** To add a grant: one file beside this one, one entry here. */
export const GRANTS: ReadonlyMap<string, GrantType> = new Map(
  [clientCredentials].map((grant) => [grant.grantType, grant]),
);
