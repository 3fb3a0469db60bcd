import { type Program, type ProgramOptions, startProgram, surroundings } from './program.js';

/**
 * Starts the built worker. It needs the database, and mostly the data folder, of an api:
 * `startWorker({ databaseUrl: api.databaseUrl, dataDir: api.dataDir })`.
 */
export async function startWorker(options: ProgramOptions = {}): Promise<Program> {
  return startProgram('apps/worker/dist/main.js', await surroundings(options));
}
