import type { Form } from '@bastionary/oauth/rules/form';
import { decideGrant, type Grant } from '@bastionary/oauth/rules/scope';
import type { KnownClient } from '../client-directory.js';
import type { ScopeCatalogue } from '../scope-catalogue.js';

const REMEMBERED_MAX = 32;

/** RFC 6749 §4.4: the client asks for itself. */
export const clientCredentials = {
  grantType: 'client_credentials',

  redeem(client: KnownClient, form: Form, catalogue: ScopeCatalogue): Grant {
    const scope = form.get('scope');
    const known = form.resources.length === 0 ? client.grants.get(scope) : undefined;
    if (known !== undefined) return known;
    const grant = decideGrant({ scope, resources: form.resources }, client.scopes, catalogue.audienceOf);
    if (form.resources.length === 0 && client.grants.size < REMEMBERED_MAX) client.grants.set(scope, grant);
    return grant;
  },
};
