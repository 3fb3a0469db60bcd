import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANAGEMENT_SCOPES } from '@bastionary/contracts/permissions';
import { createClient } from '@bastionary/oauth/actions/create-client';
import { createFirstPepper, loadPeppers } from '@bastionary/oauth/actions/peppers';
import { ensureBuiltInResources } from '@bastionary/oauth/actions/resources';
import { createFirstSigningKeys, loadKeySet } from '@bastionary/oauth/actions/signing-keys';
import { systemOrigin } from '@bastionary/platform/audit';
import { ensureCheckpointKeys } from '@bastionary/platform/audit-checkpoint-key';
import { checkCanary, ensureCanary } from '@bastionary/platform/canary';
import { type Config, ConfigError, parseConfig } from '@bastionary/platform/config';
import { ensureEncryptionKeys, loadEncryptionKeys } from '@bastionary/platform/encryption-keys';
import { type KeyEncryptionKeys, SealError } from '@bastionary/platform/seal';
import { connect, type Database, type Transaction } from '@bastionary/prisma/client';
import { type DemoOutcome, ensureDemoWorld } from './demo/make-demo-world.js';
import { equipFollowers } from './modules/customers/followers.js';
import { createSignInLink, ensureOwner, isUsableLink } from './modules/operators/sign-in-links.js';

// Makes what an installation needs before its api can start: keys, resources, an admin client, an owner and a one-time link.
// Everything that is there already stays as it is. Prints one line of JSON.
const ORIGIN = systemOrigin('first-run');
const LOCK = 7_061_991;

interface Outcome {
  audit_public_key: string;
  admin_client_file: string;
  admin_client_created: boolean;
  operator_exists: boolean;
  sign_in_link: string | null;
}

/** `off`: not asked for. */
type Demo = DemoOutcome | 'off';

async function prepare(db: Database, config: Config): Promise<Outcome> {
  const isSigned = (await db.auditCheckpoint.count()) > 0;
  return db.$transaction(
    async (tx) => {
      // Several processes may start at once: one of them does it.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
      const now = new Date();
      const isNew = await isEmpty(tx);
      const keys = isNew ? ensureEncryptionKeys(config) : loadEncryptionKeys(config);
      await (isNew ? createKeys(tx, keys, now) : checkKeys(tx, keys, now));
      // Only now: a start that refuses has made no file.
      const checkpointKeys = ensureCheckpointKeys(config, isSigned);
      await ensureBuiltInResources(tx);
      const peppers = await loadPeppers(tx, keys);
      const admin = await ensureAdminClient(tx, config, async () => {
        const scopes = ['read', 'write', ...Object.keys(MANAGEMENT_SCOPES)];
        const { client_id, client_secret = '' } = await createClient(
          tx,
          ORIGIN,
          { name: 'Admin (first run)', scopes },
          peppers,
          now,
        );
        return { client_id, client_secret, scopes };
      });
      const owner = await ensureOwner(tx, now);
      const link = owner.hasPassword ? null : await ensureLink(tx, config, owner.id, now);
      return {
        ...admin,
        audit_public_key: checkpointKeys.signer.publicKey,
        operator_exists: owner.hasPassword,
        sign_in_link: link,
      };
    },
    { maxWait: 30_000, timeout: 30_000 },
  );
}

/**
 * The demo world in a transaction of its own, since it takes seconds: if it cannot be made, the installation is there all
 * the same.
 */
async function prepareDemo(db: Database, config: Config): Promise<Demo> {
  if (config.BASTIONARY_DEMO !== '1') return 'off';
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
      const keys = loadEncryptionKeys(config);
      equipFollowers(keys);
      return ensureDemoWorld(tx, config, keys, new Date());
    },
    { maxWait: 30_000, timeout: 180_000 },
  );
}

/** Whether nothing was ever sealed here. Where one thing is left of several, the rest was lost: that is not new. */
async function isEmpty(tx: Transaction): Promise<boolean> {
  const sealed = [tx.encryptionCanary.count(), tx.pepper.count(), tx.signingKey.count(), tx.client.count()];
  return (await Promise.all(sealed)).every((count) => count === 0);
}

async function createKeys(tx: Transaction, keys: KeyEncryptionKeys, now: Date): Promise<void> {
  await ensureCanary(tx, keys, now);
  await createFirstPepper(tx, keys, now);
  await createFirstSigningKeys(tx, ORIGIN, keys, now);
}

/** @throws SealError under wrong keys, or if a sealed row is missing: nothing is made a second time */
async function checkKeys(tx: Transaction, keys: KeyEncryptionKeys, now: Date): Promise<void> {
  const hasCanary = (await tx.encryptionCanary.count()) > 0;
  if (hasCanary) await checkCanary(tx, keys);
  await loadPeppers(tx, keys);
  await loadKeySet(tx, keys);
  // A database from before there was a canary: the keys have just shown that they are the right ones.
  if (!hasCanary) await ensureCanary(tx, keys, now);
}

interface AdminClient {
  client_id: string;
  client_secret: string;
  scopes: string[];
}

async function ensureAdminClient(tx: Transaction, config: Config, create: () => Promise<AdminClient>) {
  const file = join(config.BASTIONARY_DATA_DIR, 'admin-client.json');
  const made = { admin_client_file: file, admin_client_created: false };
  if (existsSync(file)) {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as AdminClient & { issuer: string };
    const known = (await tx.client.count({ where: { clientId: stored.client_id } })) > 0;
    if (known && stored.issuer === config.ISSUER_URL) return made;
    if (known) {
      // The installation has moved to another address; the file must not send anybody to the old one.
      writePrivate(file, { ...stored, issuer: config.ISSUER_URL });
      return made;
    }
  } else if ((await tx.client.count()) > 0) {
    // An installation that has clients and whose file is elsewhere: nobody asked for another admin.
    return made;
  }
  writePrivate(file, { issuer: config.ISSUER_URL, ...(await create()) });
  return { ...made, admin_client_created: true };
}

async function ensureLink(tx: Transaction, config: Config, operatorId: string, now: Date): Promise<string> {
  const file = join(config.BASTIONARY_DATA_DIR, 'sign-in-link.json');
  const stored = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { token: string }) : undefined;
  if (stored !== undefined && (await isUsableLink(tx, stored.token, now))) return toLink(config, stored.token);
  const token = await createSignInLink(tx, ORIGIN, operatorId, config.SIGN_IN_LINK_SECONDS, now);
  writePrivate(file, { token });
  return toLink(config, token);
}

// In the fragment, which browsers send to nobody.
const toLink = (config: Config, token: string): string => `${config.ISSUER_URL}/start#${token}`;

const writePrivate = (file: string, content: object): void =>
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });

async function main(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: the one place of this process that reads the environment
  const config = parseConfig(process.env);
  mkdirSync(config.BASTIONARY_DATA_DIR, { recursive: true, mode: 0o700 });
  const connection = connect(config.DATABASE_URL, { applicationName: 'bastionary-first-run', poolSize: 2 });
  try {
    await connection.untilReady();
    const outcome = await prepare(connection.db, config);
    const demo = await prepareDemo(connection.db, config);
    process.stdout.write(`${JSON.stringify({ ...outcome, demo })}\n`);
  } finally {
    await connection.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError || error instanceof SealError ? 78 : 1);
});
