import type { Form } from '@bastionary/oauth/rules/form';
import { decideGrant, type Grant } from '@bastionary/oauth/rules/scope';
import type { KnownClient } from '../client-directory.js';
import type { ScopeCatalogue } from '../scope-catalogue.js';

const REMEMBERED_MAX = 32;

/** RFC 6749 §4.4: the client asks for itself. */
export const clientCredentials = {
  grantType: 'client_credentials',

  redeem(client: KnownClient, form: Form, catalogue: ScopeCatalogue): Grant {
    const request = { scope: form.get('scope'), resources: form.resources };
    const key = JSON.stringify(request);
    const known = client.grants.get(key);
    if (known !== undefined) return known;
    const grant = decideGrant(request, client.scopes, catalogue.audienceOf);
    if (client.grants.size < REMEMBERED_MAX) client.grants.set(key, grant);
    return grant;
  },
};
