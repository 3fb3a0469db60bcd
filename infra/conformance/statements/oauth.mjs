// @ts-check
import { accessToken } from './access-token.mjs';
import { clientAssertion } from './client-assertion.mjs';
import { clientMethod } from './client-method.mjs';
import { clientSecret } from './client-secret.mjs';
import { dpop } from './dpop.mjs';
import { grantAndScope } from './grant-and-scope.mjs';
import { introspection } from './introspection.mjs';
import { metadata } from './metadata.mjs';
import { refreshTokens } from './refresh.mjs';
import { revocation } from './revocation.mjs';
import { transport } from './transport.mjs';

/** What the standards demand of a server whose clients are machines. */
export const oauth = [
  ...transport,
  ...clientSecret,
  ...clientMethod,
  ...clientAssertion,
  ...grantAndScope,
  ...accessToken,
  ...refreshTokens,
  ...revocation,
  ...introspection,
  ...dpop,
  ...metadata,
].sort((one, other) => one.id - other.id);
