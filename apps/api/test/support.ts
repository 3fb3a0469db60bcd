import { connect } from 'node:net';
import { type Api, type ApiOptions, startApi } from '@bastionary/testing/api-process';
import { type Answer, basic, json, managementToken, type RequestOptions } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import pg from 'pg';

export interface MadeClient {
  client_id: string;
  client_secret: string;
  name: string;
  scopes: string[];
  expiry: string | null;
  status: string;
  created_at: string;
  warnings: { code: string; message: string }[];
}

/** A running api with a token for everything, and the few requests that every test makes. */
export class House {
  private readonly pool: pg.Pool;

  private constructor(
    readonly api: Api,
    readonly token: string,
  ) {
    this.pool = new pg.Pool({ connectionString: api.databaseUrl, max: 3 });
    // Tests that break the database break idle connections too.
    this.pool.on('error', () => undefined);
  }

  static async open(options: ApiOptions = {}): Promise<House> {
    // Tables of refusals need not wait for the time that a refusal takes.
    const api = await startApi({ ...options, env: { FAILED_AUTHENTICATION_MS: '0', ...options.env } });
    return new House(api, await managementToken(api));
  }

  /** Another process on the same database and data folder. */
  beside(env: Record<string, string> = {}): Promise<House> {
    const { databaseUrl, dataDir, url } = this.api;
    return House.open({ databaseUrl, dataDir, firstRun: false, env: { ISSUER_URL: url, ...env } });
  }

  close = async (): Promise<void> => {
    await this.pool.end();
    await this.api.stop();
  };

  // biome-ignore lint/suspicious/noExplicitAny: rows of every shape
  async sql<Row = any>(statement: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query(statement, values)).rows as Row[];
  }

  /** A management request with the token for everything, unless the options say otherwise. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  manage<Body = any>(path: string, options: RequestOptions = {}): Promise<Answer<Body>> {
    return json<Body>(`${this.api.url}${path}`, { token: this.token, ...options });
  }

  async client(body: Record<string, unknown> = {}): Promise<MadeClient> {
    const answer = await this.manage<MadeClient>('/api/clients', { body: { scopes: ['read', 'write'], ...body } });
    if (answer.status !== 201) throw new Error(`No client: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A form to one of the OAuth2 endpoints; a client proves itself by HTTP Basic. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  form<Body = any>(
    endpoint: 'token' | 'introspect' | 'revoke',
    parameters: Record<string, string> | string | URLSearchParams,
    client?: { client_id: string; client_secret: string } | null,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    return json<Body>(`${this.api.url}/oauth2/${endpoint}`, {
      body: parameters instanceof URLSearchParams ? parameters : new URLSearchParams(parameters).toString(),
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(client && { authorization: basic(client.client_id, client.client_secret) }),
        ...headers,
      },
    });
  }

  async accessToken(client: { client_id: string; client_secret: string }, scope?: string): Promise<string> {
    const parameters = { grant_type: 'client_credentials', ...(scope !== undefined && { scope }) };
    const answer = await patiently(() => this.form('token', parameters, client));
    if (answer.status !== 200) throw new Error(`No token: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.access_token;
  }

  /** Whether a token is active, asked as the admin, who sees all. */
  async isActive(token: string, url = this.api.url): Promise<boolean> {
    const { client_id, client_secret } = this.api.admin;
    const headers = { authorization: basic(client_id, client_secret) };
    const body = new URLSearchParams({ token });
    const answer = await patiently(() => json(`${url}/oauth2/introspect`, { body, headers }));
    if (answer.status !== 200) throw new Error(`No introspection: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.active;
  }

  /** What a refused request must leave as it was. */
  async written(): Promise<{ clients: string; audit: string; credentials: string; answers: string; versions: string }> {
    const [counts] = await this.sql(`
      SELECT (SELECT count(*) FROM client) AS clients, (SELECT count(*) FROM audit_log) AS audit,
        (SELECT md5(coalesce(string_agg(c::text, ',' ORDER BY id), '')) FROM credential c) AS credentials,
        (SELECT count(*) FROM idempotent_answer) AS answers,
        (SELECT md5(coalesce(string_agg(c::text, ',' ORDER BY client_id), '')) FROM client c) AS versions`);
    return counts;
  }

  /** Audit records of a target, oldest first. */
  async audit(target: string): Promise<{ actor: string; action: string; detail: Record<string, unknown> }[]> {
    const rows = await this.sql('SELECT actor, action, detail FROM audit_log WHERE target = $1 ORDER BY seq', [target]);
    return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
  }
}

/** The claims of a JWT, unverified. */
export const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

/**
 * Asks again while the answer is 503: on a busy machine a process may lag behind its changes for a moment, and then
 * says so rather than something wrong.
 */
export const patiently = <Body>(ask: () => Promise<Answer<Body>>): Promise<Answer<Body>> =>
  waitFor('an answer other than 503', async () => {
    const answer = await ask();
    return answer.status !== 503 && answer;
  });

export interface RawAnswer {
  status: number;
  /** Names in lower case; a repeated header is joined by a comma. */
  headers: Map<string, string>;
  body: string;
}

/** Sends bytes as they are and reads until the server closes: for what no well-behaved client sends. */
export function raw(url: string, head: string[], body: string | Uint8Array = ''): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const [requestLine, ...headers] = head;
  const lines = [requestLine, `Host: ${hostname}:${port}`, 'Connection: close', ...headers, '', ''];
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      socket.write(lines.join('\r\n'), 'latin1');
      socket.write(body);
    });
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A server that refuses half-way may reset the connection after its answer: what has come counts.
    socket.on('error', (error) => chunks.length === 0 && reject(error));
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(chunks).toString())));
  });
}

export function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}
