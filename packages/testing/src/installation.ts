import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { required } from './environment.js';
import { type ProgramOptions, runScript, type Surroundings, surroundings } from './program.js';

/** What first-run printed. */
export interface FirstRun {
  sign_in_link: string | null;
  operator_exists: boolean;
}

/** Settings that first-run goes by: whoever has wishes about them gets a run of their own. */
const DECIDES = /^(ENCRYPTION_KEYS|BASTIONARY_DEMO|SIGN_IN_LINK_SECONDS|AUDIT_|LICENSE_)/;

/**
 * What an installation needs before its api can start. Without wishes about it, a copy of the one that the test run made.
 * @param options their `env` has ISSUER_URL
 * @throws with what first-run says
 */
export async function install(options: ProgramOptions): Promise<[Surroundings, FirstRun]> {
  const { databaseUrl, dataDir, env = {} } = options;
  const isPlain = !databaseUrl && !dataDir && !Object.keys(env).some((name) => DECIDES.test(name));
  const around = await surroundings(options, isPlain ? new URL(required('TEST_INSTALLED_URL')) : undefined);
  try {
    return [around, isPlain ? await copyInstalled(around) : await runFirst(around)];
  } catch (error) {
    await around.clean();
    throw error;
  }
}

const runFirst = async ({ env }: Surroundings): Promise<FirstRun> =>
  JSON.parse(await runScript('apps/api/dist/first-run.js', env));

async function copyInstalled({ dataDir, databaseUrl, env }: Surroundings): Promise<FirstRun> {
  await publishKeysNow(databaseUrl);
  await cp(required('TEST_INSTALLED_DIR'), dataDir, { recursive: true });
  const file = join(dataDir, 'admin-client.json');
  const admin = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, `${JSON.stringify({ ...admin, issuer: env.ISSUER_URL }, null, 2)}\n`, { mode: 0o600 });
  const printed = required('TEST_INSTALLED').replaceAll(admin.issuer, env.ISSUER_URL ?? '');
  return { ...JSON.parse(printed), admin_client_file: file };
}

/** What is done with a key goes by its age: the keys of a copy are as young as those of a first run. */
async function publishKeysNow(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`WITH young AS (SELECT date_trunc('milliseconds', now()) AS at)
      UPDATE signing_key SET created_at = at, published_at = at,
        activated_at = CASE WHEN activated_at IS NOT NULL THEN at END FROM young`);
  } finally {
    await client.end();
  }
}
