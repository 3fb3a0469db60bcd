import { clientCredentials } from './client-credentials.js';
import type { GrantType } from './grant-type.js';
import { refreshToken } from './refresh-token.js';

/** To add a grant: one file beside this one, one entry here. */
export const GRANTS: ReadonlyMap<string, GrantType> = new Map(
  [clientCredentials, refreshToken].map((grant) => [grant.grantType, grant]),
);
