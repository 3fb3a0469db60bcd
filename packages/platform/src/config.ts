import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

const seconds = (fallback: number, max = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(1).max(max).default(fallback);
const count = (least: number, fallback: number) => z.coerce.number().int().min(least).default(fallback);
const isAddressOrRange = (text: string): boolean => {
  const [address = '', bits, more] = text.split('/');
  const widest = isIP(address) === 6 ? 128 : 32;
  return (
    isIP(address) !== 0 && more === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && +bits <= widest))
  );
};
const addressRanges = z
  .string()
  .transform((list) => list.split(',').map((entry) => entry.trim()))
  .refine((list) => list.every(isAddressOrRange), 'takes addresses and CIDRs, comma-separated')
  .default([]);
const series = z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,15}$/, 'takes 1 to 16 capital letters, digits and hyphens');
const lines = z
  .string()
  .transform((text) => text.split('|').map((line) => line.trim()))
  .default([]);
const port = z.coerce.number().int().min(0).max(65_535);

/** Every setting, its default and what it does. The run book's table is this list. */
export const SETTINGS = {
  PORT: port.default(3000).describe('Port the api listens on'),
  HOST: z.string().default('127.0.0.1').describe('Address the api listens on'),
  WORKER_METRICS_PORT: port
    .optional()
    .describe('Port at which a worker tells its measurements (`/metrics` at `HOST`); unset: nowhere'),
  ISSUER_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]|\/$/.test(url), 'must have no query, fragment or slash at its end')
    .optional()
    .describe('Issuer of the tokens and address of the console; default http://HOST:PORT'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('PostgreSQL; `npm start` provides an embedded one'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(500).default(10).describe('Connections per process'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe('Queues on Redis instead of PostgreSQL, and limits that api processes share'),
  BASTIONARY_DATA_DIR: z.string().default('.data').describe('Keys, embedded database, logs'),
  BASTIONARY_DEMO: z
    .enum(['0', '1'])
    .default('0')
    .describe('1: a believable demo world at the first start; ignored where there is something already'),
  ENCRYPTION_KEYS: z.string().optional().describe('id:base64url(32 bytes), comma-separated; the first encrypts'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('Logs'),
  TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((entry) => entry.trim()))
    .refine(
      (list) => list.every((entry) => !/^\d+$/.test(entry)),
      'takes CIDRs or names such as loopback, never a hop count',
    )
    .optional()
    .describe('Proxies whose X-Forwarded-For counts: CIDRs or loopback, linklocal, uniquelocal'),
  // Never longer: SIGNING_KEY_RETAIN_SECONDS relies on it.
  ACCESS_TOKEN_TTL_SECONDS: seconds(900, 86_400).describe('Life of an access token'),
  SIGNING_KEY_ACTIVE_SECONDS: z.coerce
    .number()
    .int()
    .min(3_600)
    .default(7_776_000)
    .describe('How long a key signs before the next one does'),
  SIGNING_KEY_PUBLISH_SECONDS: z.coerce
    .number()
    .int()
    .min(600)
    .default(1_209_600)
    .describe('A key is published at least this long before the schedule lets it sign'),
  SIGNING_KEY_RETAIN_SECONDS: z.coerce
    .number()
    .int()
    // The longest life of a token (a day), 60 s of skew, 300 s of a cached JWK Set, 60 s for news to arrive.
    .min(86_820)
    .default(90_000)
    .describe('A key that no longer signs is published this long, so that its last tokens are accepted'),
  REFRESH_TOKEN_TTL_SECONDS: seconds(30 * 86_400).describe(
    'From the first refresh token of a family to the end of the last',
  ),
  REFRESH_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(300)
    .default(30)
    .describe('How long after its use a refresh token still gives the same successor; later it ends the family'),
  REFRESH_RETRIES_MAX: z.coerce
    .number()
    .int()
    .min(0)
    .default(100)
    .describe('How often within that time; more are refused'),
  CLIENT_CACHE_SIZE: z.coerce
    .number()
    .int()
    .min(100)
    .default(10_000)
    .describe('Clients an api process keeps in memory'),
  CLIENT_CACHE_MAX_AGE_SECONDS: seconds(30).describe('Age at which a client in memory is loaded again'),
  USAGE_FLUSH_MS: z.coerce.number().int().min(50).default(1_000).describe('How often issuance counts are written'),
  FAILURE_BUFFER_MAX: count(100, 10_000).describe(
    'Refusals an api process keeps in memory until their reasons are written',
  ),
  FAILURES_PER_MINUTE: count(1, 60).describe(
    'Refusals per client and reason whose reason is kept, per minute and process',
  ),
  FAILURE_KEEP_DAYS: count(1, 14).describe('Days for which reasons of refusals are kept'),
  FAILURE_KEEP_MAX: count(1_000, 1_000_000).describe('Reasons of refusals that are kept, the newest'),
  CREDENTIALS_PER_CLIENT_MAX: count(2, 25).describe('Credentials one client may have'),
  CREDENTIAL_SILENCE_SECONDS: seconds(86_400).describe('Silence after which an old credential is safe to retire'),
  BULK_ROWS_MAX: count(1, 1_000).describe('Clients in one import; its body may have 4 KiB for each'),
  BULK_EXPORT_MAX: count(1, 10_000).describe('Clients in one export'),
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .default(262_144)
    .describe('Largest body of a management request'),
  FEATURES_MAX: count(1, 500).describe('Most features in the catalogue: every one is in every snapshot'),
  METERS_MAX: count(1, 200).describe('Most meters: every event is measured by all of its type'),
  USAGE_FOLD_EVENTS: count(100, 20_000).describe(
    'Usage events folded into rollups in one transaction, each as often as meters count it',
  ),
  USAGE_WINDOWS_MAX: count(1, 1_500).describe('Most windows in one answer about usage'),
  USAGE_THRESHOLDS_MAX: count(1, 1_000).describe('Most usage thresholds'),
  USAGE_CHECK_SAMPLE: count(1, 200).describe('Rollups that are compared with their events every night'),
  TOKEN_FEATURES_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(4_096)
    .default(4_096)
    .describe('Largest features in a token, as JSON; with more it has epoch and hash only, and introspection the rest'),
  EXPORTS_MAX: count(1, 3).describe(
    'CSV exports of money and usage under way per process; each holds a database connection',
  ),
  PREVIEW_CUSTOMERS_MAX: count(1, 200).describe('Most customers that a preview names; all are counted'),
  USAGE_EVENTS_MAX: count(1, 1_000).describe('Usage events in one request'),
  USAGE_BODY_LIMIT_BYTES: count(1_024, 4_194_304).describe('Largest body of a request with usage events'),
  USAGE_DATA_BYTES_MAX: count(64, 16_384).describe('Largest `data` of a usage event, as JSON'),
  USAGE_DATA_DEPTH_MAX: count(1, 8).describe('How deep it may be nested'),
  USAGE_FUTURE_SECONDS: count(0, 300).describe('How far the time of a usage event may lie ahead of our clock'),
  USAGE_RATE_PER_SECOND: count(1, 10_000).describe('Requests with usage events per sender, and per address'),
  USAGE_RATE_BURST: count(1, 20_000).describe('The same at once'),
  FLAG_RATE_PER_SECOND: count(1, 20_000).describe('Requests for flags per caller, and per address'),
  FLAG_RATE_BURST: count(1, 40_000).describe('The same at once'),
  FLAG_CONTEXT_BYTES: count(1_024, 1_048_576).describe('Largest body of a request for flags'),
  FLAG_CONTEXT_DEPTH: count(1, 16).describe('How deep the context of an evaluation may be nested'),
  FLAG_STREAMS_MAX: count(1, 10_000).describe('Streams of flag changes open per process'),
  FLAG_USE_KEEP_DAYS: count(1, 90).describe('Days for which it is kept how often flags were evaluated'),
  USAGE_REJECTION_KEEP_DAYS: count(1, 30).describe('Days for which it is kept why usage events were not accepted'),
  USAGE_REJECTION_KEEP_MAX: count(1_000, 1_000_000).describe('Usage events not accepted that are kept, the newest'),
  USAGE_OF_PLATFORM: z
    .enum(['0', '1'])
    .default('1')
    .describe('1: tokens and API calls of customers’ clients become usage events of their customers'),
  PAST_DUE_GRACE_DAYS: count(0, 14).describe(
    'A subscription works on so long once a payment is due; then it is suspended',
  ),
  INVOICE_SERIES: series.default('INV').describe('Series of the numbers of invoices: INV-000001'),
  CREDIT_NOTE_SERIES: series.default('CN').describe('The same of credit notes; another than that of invoices'),
  INVOICE_NET_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(365)
    .default(14)
    .describe('Days from an invoice to its due date, where the customer has no other'),
  INVOICE_GRACE_HOURS: z.coerce
    .number()
    .int()
    .min(0)
    .max(720)
    .default(24)
    .describe('Hours that a draft of the billing run waits for late events before it goes out by itself'),
  LATE_USAGE_DAYS: count(1, 92).describe('Late usage corrects periods that ended at most so long ago'),
  INVOICE_ANOMALY_PERCENT: count(1, 50).describe('A draft that differs more from the last deserves a look'),
  TAX_ROUNDING: z
    .enum(['line', 'document'])
    .default('line')
    .describe('Tax is rounded per line, or once per rate and document'),
  BILLING_CHUNK: count(1, 250).describe('Subscriptions that the billing run takes per transaction'),
  BILLING_LANES: count(1, 2).describe('Transactions that the billing run of a worker has under way at once'),
  SELLER_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, 'takes an ISO 3166 code of two capital letters')
    .optional()
    .describe('Our country: businesses elsewhere may owe tax by reverse charge'),
  SELLER_NAME: z.string().max(200).default('Bastionary').describe('Who writes the invoices, as it stands on them'),
  SELLER_ADDRESS: lines.describe('Address on documents; lines separated by |'),
  SELLER_TAX_ID: z.string().max(64).optional().describe('Tax id on documents'),
  SELLER_EMAIL: z.string().max(254).optional().describe('Whom to ask about a document'),
  SELLER_PAYMENT_DETAILS: lines.describe('How to pay, on invoices: bank, account; lines separated by |'),
  LICENSE_FILE_TTL_SECONDS: count(3_600, 2_592_000).describe('A licence file lasts so long, unless it says otherwise'),
  LICENSE_REVOCATIONS_SECONDS: count(3_600, 604_800).describe(
    'A revocation list promises the next one within this time; policies say what programs offline do after it',
  ),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('Mail server, smtp:// or smtps:// with user and password; unset: no mail is sent'),
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, 'must be an address, or Name <address>')
    .default('billing@localhost')
    .describe('Sender of letters to customers'),
  REQUEST_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(15_000)
    .describe('Longest a request may take to arrive'),
  MAX_CONNECTIONS: z.coerce.number().int().min(10).default(10_000).describe('Open connections per api process'),
  DRAIN_SECONDS: seconds(20).describe('Longest a stopping process waits for what it has begun'),
  SESSION_IDLE_SECONDS: seconds(3_600).describe('A console session ends after this long without a request'),
  SESSION_MAX_SECONDS: seconds(43_200).describe('A console session ends after this long in any case'),
  SIGN_IN_LINK_SECONDS: seconds(86_400).describe('Life of a one-time sign-in link'),
  SIGN_IN_ATTEMPTS: z.coerce
    .number()
    .int()
    .min(3)
    .default(10)
    .describe('Wrong passwords per address and e-mail in 15 minutes'),
  SIGN_IN_ATTEMPTS_PER_ADDRESS: count(3, 100).describe(
    'Wrong passwords per address in 15 minutes, whatever the e-mail; operators proven from there still get in',
  ),
  SECOND_FACTOR_ATTEMPTS: count(3, 10).describe(
    'Wrong second factors and fresh proofs per operator in 15 minutes, from wherever',
  ),
  REQUIRE_SECOND_FACTOR: z
    .enum(['none', 'owners', 'all'])
    .default('none')
    .describe('Who must have a second factor: without one such an operator may do nothing but enrol one'),
  STEP_UP_SECONDS: seconds(600).describe(
    'Dangerous acts in the console need a password or second factor given this recently',
  ),
  FAILED_AUTHENTICATION_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(100)
    .describe('A failed client authentication is answered no sooner, so that its time tells nothing'),
  LICENSE_KEY_GUESSES: count(3, 30).describe(
    'Unknown licence keys with the same first 6 characters from one address within LICENSE_KEY_GUESS_SECONDS',
  ),
  LICENSE_KEY_GUESSES_PER_ADDRESS: count(3, 1_000).describe(
    'Unknown licence keys from one address within LICENSE_KEY_GUESS_SECONDS',
  ),
  LICENSE_KEY_GUESS_SECONDS: seconds(60).describe('How long unknown licence keys are counted'),
  WRONG_SECRET_ATTEMPTS: z.coerce
    .number()
    .int()
    .min(3)
    .default(20)
    .describe('Wrong client secrets per address and client in a minute'),
  WRONG_SECRET_ATTEMPTS_PER_ADDRESS: count(3, 1_000).describe(
    'Wrong client secrets per address in a minute, whatever the client; clients proven from there still get in',
  ),
  LIMITS_STORE: z
    .enum(['auto', 'memory', 'redis', 'postgresql'])
    .default('auto')
    .describe('Where api processes share their limits; auto: Redis if REDIS_URL is set, else each for itself'),
  LIMITS_TIMEOUT_MS: count(5, 50).describe('An answer of that store later than this is not waited for'),
  LIMITS_KEYS: count(1_000, 50_000).describe('Clients, and addresses, whose limits a process keeps in memory'),
  CLIENT_RATE_PER_SECOND: count(1, 10_000).describe(
    'Requests per client at the OAuth2 endpoints; far above one machine’s need, it stops loops that went wild',
  ),
  CLIENT_RATE_BURST: count(1, 20_000).describe('The same at once; a rate_limit of the client replaces both'),
  ADDRESS_RATE_PER_SECOND: count(1, 10_000).describe(
    'Requests per address (IPv6: /64) at the OAuth2 endpoints; whole clusters come from one address',
  ),
  ADDRESS_RATE_BURST: count(1, 20_000).describe('The same at once'),
  MANAGEMENT_RATE_PER_SECOND: count(1, 500).describe(
    'Management requests per client or operator; each is a database transaction',
  ),
  MANAGEMENT_RATE_BURST: count(1, 5_000).describe('The same at once: a page of the console, a script that reads all'),
  MANAGEMENT_ADDRESS_RATE_PER_SECOND: count(1, 1_000).describe(
    'Requests per address outside the OAuth2 endpoints, signed in or not',
  ),
  MANAGEMENT_ADDRESS_RATE_BURST: count(1, 10_000).describe('The same at once'),
  CLOCK_SKEW_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(300)
    .default(60)
    .describe('How far the clocks of clients may be off in assertions and DPoP proofs'),
  CLIENT_ASSERTION_MAX_SECONDS: seconds(300).describe('Longest life of a client assertion (private_key_jwt)'),
  DPOP_PROOF_MAX_AGE_SECONDS: seconds(60).describe('Oldest DPoP proof that is accepted'),
  DPOP_NONCE: z
    .enum(['required', 'optional'])
    .default('required')
    .describe('required: a DPoP proof must carry a nonce of ours'),
  JWKS_URI_ALLOW_PRIVATE: addressRanges.describe('Addresses and CIDRs that a jwks_uri may lead to besides public ones'),
  JWKS_URI_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(30_000)
    .default(3_000)
    .describe('Longest a jwks_uri may take'),
  JWKS_URI_LIMIT_BYTES: z.coerce.number().int().min(1_024).default(65_536).describe('Largest answer of a jwks_uri'),
  JWKS_URI_CACHE_SECONDS: seconds(600).describe(
    'Age at which keys of a jwks_uri are fetched again, unless its Cache-Control says otherwise (5 minutes to 24 hours)',
  ),
  JWKS_URI_COOLDOWN_SECONDS: seconds(60).describe('How often an unknown key may have a jwks_uri fetched early'),
  JWKS_URI_STALE_SECONDS: seconds(3_600).describe('How long old keys serve on when a jwks_uri fails'),
  WEBHOOK_ALLOW_PRIVATE: addressRanges.describe(
    'Addresses and CIDRs that webhooks may lead to besides public ones; to these plain http is allowed too',
  ),
  WEBHOOK_ENDPOINTS_MAX: count(1, 100).describe('Webhook endpoints an installation may have'),
  WEBHOOK_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(10_000)
    .describe('Longest a webhook delivery may take, from the lookup of its name to the end of the answer'),
  WEBHOOK_ANSWER_BYTES: count(0, 1_024).describe('Bytes of an answer to a webhook that are read and kept'),
  WEBHOOK_RETRY_SECONDS: z
    .string()
    .transform((list) => list.split(',').map(Number))
    .refine((list) => list.every((pause) => pause > 0), 'takes seconds, comma-separated')
    .default([5, 30, 120, 600, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400])
    .describe('Pauses after failed webhook deliveries, each longer or shorter by a tenth; then it is a dead letter'),
  WEBHOOK_DISABLE_AFTER_DAYS: count(1, 5).describe('Days without a success after which a failing endpoint is disabled'),
  WEBHOOK_CONCURRENCY: count(1, 100).describe('Webhook deliveries under way per worker'),
  WEBHOOK_CONCURRENCY_PER_ENDPOINT: count(1, 20).describe(
    'The same per endpoint; one that fails again and again gets one at a time',
  ),
  WEBHOOK_REPLAY_MAX: count(1, 10_000).describe('Events in one replay of a range'),
  WEBHOOK_KEEP_DAYS: count(1, 30).describe('Days for which events and their deliveries are kept, and can be replayed'),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be a secret or restricted key of Stripe: sk_… or rk_…')
    .optional()
    .describe('Secret key of the Stripe account that collects invoices; without it nothing is collected by itself'),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .optional()
    .describe('Signing secret of the webhook endpoint at Stripe (whsec_…); needed with STRIPE_SECRET_KEY'),
  STRIPE_API_BASE: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).pathname === '/' && !/[?#]/.test(url), 'must be scheme, host and port only')
    .default('https://api.stripe.com')
    .describe('Where Stripe’s API is'),
  STRIPE_TIMEOUT_MS: count(1_000, 20_000).describe('Longest a request to Stripe may take'),
  STRIPE_RETRY_HOURS: z
    .string()
    .transform((list) => list.split(',').map(Number))
    .refine((list) => list.every((pause) => pause > 0), 'takes hours, comma-separated')
    .default([24, 72, 120, 168])
    .describe('Pauses before a declined invoice is collected again; a new payment method is tried at once'),
  STRIPE_RECONCILE_HOUR: z.coerce
    .number()
    .int()
    .min(0)
    .max(23)
    .default(2)
    .describe('Hour (UTC) after which our books are held against Stripe’s every night'),
  STRIPE_RECONCILE_DAYS: count(1, 7).describe('Days that the nightly reconciliation looks back'),
  AUDIT_CHECKPOINT_KEY: z
    .string()
    .optional()
    .describe('PRIVATE+KEY+name+hash+base64; more keys after it, separated by commas, only verify'),
  AUDIT_CHECKPOINT_SECONDS: seconds(60).describe('The audit log is signed at least this often while it grows'),
  AUDIT_CHECKPOINT_RECORDS: z.coerce.number().int().min(1).default(1_000).describe('… and after so many records'),
  AUDIT_BEHIND_SECONDS: seconds(5).describe('A record unsealed for longer than this is an alarm'),
} as const;

const schema = z
  .object(SETTINGS)
  .refine(({ LIMITS_STORE, REDIS_URL }) => LIMITS_STORE !== 'redis' || REDIS_URL !== undefined, {
    path: ['LIMITS_STORE'],
    message: 'redis needs REDIS_URL',
  })
  .refine((given) => given.STRIPE_SECRET_KEY === undefined || given.STRIPE_WEBHOOK_SECRET !== undefined, {
    path: ['STRIPE_WEBHOOK_SECRET'],
    message:
      'is empty while STRIPE_SECRET_KEY is set: anybody could say that an invoice was paid. Set it to the signing secret of the endpoint at Stripe (whsec_…)',
  });
export type Config = Omit<z.infer<typeof schema>, 'ISSUER_URL'> & { readonly ISSUER_URL: string };

/** A setting is wrong: the process must not start. The message names every fault. */
export class ConfigError extends Error {}

/**
 * Reads the settings from the environment; `NAME_FILE` names a file that holds the value of `NAME`.
 * @throws ConfigError with one line per fault
 */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const given: Record<string, string> = {};
  for (const name of Object.keys(SETTINGS)) {
    const file = env[`${name}_FILE`];
    // An empty variable is one that was not set, as in compose files.
    const value = env[name] || (file ? readSetting(name, file) : '');
    if (value !== '') given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`These settings are not usable:\n${faults.join('\n')}`);
  }
  const { ISSUER_URL, ...rest } = parsed.data;
  return { ...rest, ISSUER_URL: ISSUER_URL ?? `http://${rest.HOST}:${rest.PORT}` };
}

function readSetting(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new ConfigError(`${name}_FILE: cannot read ${file}`, { cause });
  }
}
