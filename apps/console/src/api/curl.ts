/** One shell word, whatever it holds. */
const quoted = (word: string) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const lines = (...parts: string[]) => parts.join(' \\\n  ');

/** A command that gets a token: the seed of every integration. */
export const tokenCommand = (
  issuer: string,
  credentials: { clientId: string; secret: string } | null,
  scopes: string[] = [],
) =>
  lines(
    'curl',
    credentials ? `-u ${quoted(`${credentials.clientId}:${credentials.secret}`)}` : '-u "$CLIENT_ID:$CLIENT_SECRET"',
    '-d grant_type=client_credentials',
    ...(scopes.length > 0 ? [`-d ${quoted(`scope=${scopes.join(' ')}`)}`] : []),
    quoted(`${issuer}/oauth2/token`),
  );

export const createClientCommand = (issuer: string) =>
  lines(
    'curl',
    '-H "Authorization: Bearer $ADMIN_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d '{"name":"Nightly export","scopes":["read"]}'`,
    quoted(`${issuer}/api/clients`),
  );

export const createResourceCommand = (issuer: string) =>
  lines(
    'curl',
    '-H "Authorization: Bearer $ADMIN_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d '{"identifier":"https://api.example.com/orders","scopes":[{"name":"orders:read","description":"See orders"}]}'`,
    quoted(`${issuer}/api/resources`),
  );

export const createFeatureCommand = (issuer: string) =>
  lines(
    'curl',
    '-H "Authorization: Bearer $ADMIN_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d '{"key":"api_calls","name":"API calls","type":"limit","default":1000}'`,
    quoted(`${issuer}/api/features`),
  );

export const createPlanCommand = (issuer: string) =>
  lines(
    'curl',
    '-H "Authorization: Bearer $ADMIN_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d '{"key":"pro","name":"Pro","features":{"api_calls":5000},"prices":[{"model":"flat","amount":"3000","currency":"EUR"}]}'`,
    quoted(`${issuer}/api/plans`),
  );

export const catalogueCommand = (issuer: string) =>
  lines(
    'curl -X PUT',
    '-H "Authorization: Bearer $ADMIN_TOKEN"',
    "-H 'Content-Type: application/json'",
    '--data-binary @catalogue.json',
    quoted(`${issuer}/api/catalogue?dry_run=true`),
  );

export const revokeCommand = (issuer: string) =>
  lines('curl', '-u "$CLIENT_ID:$CLIENT_SECRET"', '-d "token=$TOKEN"', quoted(`${issuer}/oauth2/revoke`));

export const auditCommand = (issuer: string) =>
  lines('curl', '-H "Authorization: Bearer $ADMIN_TOKEN"', quoted(`${issuer}/api/audit?limit=25`));

export const createCustomerCommand = (issuer: string) =>
  lines(
    'curl',
    '-H "Authorization: Bearer $ADMIN_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d '{"name":"Acme GmbH","email":"billing@acme.example","currency":"EUR"}'`,
    quoted(`${issuer}/api/customers`),
  );

export const sendEventCommand = (issuer: string) =>
  lines(
    'curl',
    '-H "Authorization: Bearer $ADMIN_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d '{"id":"req-1","source":"api","type":"api.call","subject":"CUSTOMER_ID","data":{"bytes":512}}'`,
    quoted(`${issuer}/api/usage/events`),
  );
