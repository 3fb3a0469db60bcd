import { readFile } from 'node:fs/promises';
import { freePort } from './free-port.js';
import { type FirstRun, install } from './installation.js';
import { type Program, type ProgramOptions, startProgram, surroundings } from './program.js';

export interface ApiOptions extends ProgramOptions {
  /** False for a second api on the same database and data folder. Default true. */
  firstRun?: boolean;
  port?: number;
}

export interface AdminClient {
  client_id: string;
  client_secret: string;
  scopes: string[];
}

export interface Api extends Program {
  /** For example http://127.0.0.1:41234; also its issuer, unless `env` says otherwise. */
  readonly url: string;
  readonly admin: AdminClient;
  /** What first-run printed; null without it. */
  readonly firstRun: FirstRun | null;
}

/** Starts the built api on a free port, after first-run on a database of its own, as `npm start` would. */
export async function startApi({ firstRun = true, port, ...options }: ApiOptions = {}): Promise<Api> {
  const chosen = String(port ?? (await freePort()));
  const url = `http://127.0.0.1:${chosen}`;
  const wishes = { ...options, env: { PORT: chosen, HOST: '127.0.0.1', ISSUER_URL: url, ...options.env } };
  const [around, first] = firstRun ? await install(wishes) : [await surroundings(wishes), null];
  try {
    const admin = JSON.parse(await readFile(`${around.dataDir}/admin-client.json`, 'utf8'));
    const program = await startProgram('apps/api/dist/main.js', around);
    return { ...program, url, admin, firstRun: first };
  } catch (error) {
    await around.clean();
    throw error;
  }
}
