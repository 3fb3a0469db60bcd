// @ts-check
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../processes.mjs';
import { startNode } from '../start/node-process.mjs';

/**
 * A server under measurement.
 * @typedef {object} Subject
 * @property {string} name
 * @property {number} pid
 * @property {string} url
 * @property {{ token: string, introspect: string, keys: string }} paths
 * @property {string} owner Authorization header of the client that tokens are issued to
 * @property {string} asker Authorization header of the client that introspects them
 * @property {{ clientId: string, kid: string, key: import('node:crypto').webcrypto.JsonWebKey }} [signer] the client that signs assertions
 * @property {string} [mintsAt] where a peer gives a refresh token that its protocol would not give to a machine
 */

/**
 * One of the programs beside this file.
 * @typedef {{ name: string, script: string, env?: Record<string, string>, paths: Subject['paths'] }} Peer
 */

/** @typedef {{ id: string, secret: string }} Client */

/**
 * RFC 6749 §2.3.1. The ids and secrets here need no encoding before they are joined.
 * @param {Client} client
 */
export const basic = ({ id, secret }) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** No settings of the caller: every subject runs with its defaults. */
export const plainEnv = () => ({ PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production' });

/**
 * Starts a peer.
 * @param {Peer} peer
 * @param {Client} client
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 * @returns {Promise<Subject>}
 */
export async function startPeer({ name, script, env = {}, paths }, client, folder, started) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const { pid, stop } = await startNode({
    script: `infra/bench/${script}`,
    env: { ...plainEnv(), ...env, PORT: String(port), CLIENT_ID: client.id, CLIENT_SECRET: client.secret },
    logFile: join(folder, `${name.replaceAll(/\W+/g, '-')}.log`),
  });
  started.add(stop);
  return { name, pid, url: `http://127.0.0.1:${port}`, paths, owner: basic(client), asker: basic(client) };
}

export const barePaths = { token: '/token', introspect: '/introspect', keys: '/jwks' };
export const oidcProviderPaths = { token: '/token', introspect: '/token/introspection', keys: '/jwks' };
