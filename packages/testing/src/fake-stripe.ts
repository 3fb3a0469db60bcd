import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { FakeAccount, Refusal } from './fake-stripe-account.js';
import { newStripeId } from './fake-stripe-objects.js';
import { answer, type Form, parseForm } from './fake-stripe-routes.js';
import { freePort } from './free-port.js';

export interface StripeRequest {
  readonly method: string;
  /** Without the query: `/v1/payment_intents` */
  readonly path: string;
  readonly form: Form;
  readonly idempotencyKey: string | null;
}

/**
 * What happens to a request besides its answer.
 * - `lose_reply`: it is done, and the connection breaks before the answer.
 * - `lose_request`: the connection breaks, and nothing was done.
 * - a number: this status instead of the answer; `done` says whether the work is done behind it.
 */
export type Fault = 'lose_reply' | 'lose_request' | { status: number; done: boolean } | { delayMs: number };

interface Kept {
  readonly fingerprint: string;
  readonly ready: Promise<{ status: number; body: object }>;
  isOver: boolean;
}

/**
 * Stripe over HTTP, as far as a collector of invoices needs it: objects with state, events with signatures, idempotency
 * keys with memory, and faults on request. Point the SDK at `url` (STRIPE_API_BASE).
 */
export class FakeStripe {
  readonly secretKey = 'sk_test_fake';
  readonly webhookSecret = 'whsec_test_secret';
  readonly account: FakeAccount;
  /** Every request that arrived, in order. */
  readonly requests: StripeRequest[] = [];
  /** Decides what goes wrong; may be set at any time. */
  fault: (request: StripeRequest) => Fault | undefined = () => undefined;
  /** Where every event goes as soon as it is there; until then they wait in `account.events`. */
  webhookUrl: string | null = null;
  private readonly kept = new Map<string, Kept>();
  private readonly sending = new Set<Promise<unknown>>();
  private server: Server | undefined;

  private constructor(readonly port: number) {
    this.account = new FakeAccount((event) => {
      if (this.webhookUrl === null) return;
      const sent = this.deliver(event, this.webhookUrl).catch(() => undefined);
      this.sending.add(sent);
      void sent.finally(() => this.sending.delete(sent));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The settings that make the platform use it. */
  get env(): Record<string, string> {
    return {
      STRIPE_SECRET_KEY: this.secretKey,
      STRIPE_WEBHOOK_SECRET: this.webhookSecret,
      STRIPE_API_BASE: this.url,
    };
  }

  static async open(): Promise<FakeStripe> {
    const stripe = new FakeStripe(await freePort());
    await stripe.start();
    return stripe;
  }

  /** Listens, after `kill` again at the same address and with all it knew. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.serve(request, response)).listen(
      this.port,
      '127.0.0.1',
    );
    await once(this.server, 'listening');
  }

  /** Breaks every connection and refuses new ones. */
  async kill(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    await this.delivered();
    if (server === undefined) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  /** Waits for the deliveries to `webhookUrl` that are under way. */
  async delivered(): Promise<void> {
    while (this.sending.size > 0) await Promise.all(this.sending);
  }

  /** How the next requests that match go wrong, so many times; then all is well again. */
  failNext(method: string, path: RegExp, fault: Fault, times = 1): void {
    const before = this.fault;
    let left = times;
    this.fault = (request) => {
      if (left === 0 || request.method !== method || !path.test(request.path)) return before(request);
      left--;
      return fault;
    };
  }

  /** As after a day, when Stripe no longer knows the keys. */
  forgetIdempotencyKeys(): void {
    this.kept.clear();
  }

  /** Signs an event as Stripe does, and posts it. @returns the status of the answer */
  async deliver(event: Stripe.Event, url: string): Promise<number> {
    const payload = JSON.stringify(event, null, 2);
    const answered = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': this.sign(payload) },
      body: payload,
      signal: AbortSignal.timeout(20_000),
    });
    await answered.arrayBuffer();
    return answered.status;
  }

  /** The value of Stripe-Signature. @param timestamp in seconds */
  sign(payload: string, timestamp = Math.floor(Date.now() / 1_000), secret = this.webhookSecret): string {
    return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', this.url);
    const text = request.method === 'GET' ? url.search.slice(1) : Buffer.concat(chunks).toString();
    const key = request.headers['idempotency-key'];
    const asked: StripeRequest = {
      method: request.method ?? '',
      path: url.pathname,
      form: parseForm(text),
      idempotencyKey: typeof key === 'string' ? key : null,
    };
    this.requests.push(asked);
    const fault = this.fault(asked);
    if (fault === 'lose_request') return void request.socket.destroy();
    const authorized = request.headers.authorization === `Bearer ${this.secretKey}`;
    const { status, body } = authorized ? await this.once(asked, text, fault) : UNAUTHORIZED;
    if (typeof fault === 'object' && 'delayMs' in fault) await sleep(fault.delayMs);
    if (fault === 'lose_reply') return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json', 'request-id': newStripeId('req') });
    response.end(JSON.stringify(body));
  }

  // As https://docs.stripe.com/api/idempotent_requests has it: the first answer again, 500s included; other parameters
  // under the same key are refused; what was never begun (429) leaves no trace.
  private async once(asked: StripeRequest, text: string, fault: Fault | undefined) {
    const { idempotencyKey: key } = asked;
    if (asked.method !== 'POST' || key === null) return this.work(asked, fault);
    const fingerprint = `${asked.path}\n${text}`;
    const earlier = this.kept.get(key);
    if (earlier !== undefined) {
      if (earlier.fingerprint !== fingerprint) return OTHER_PARAMETERS;
      if (!earlier.isOver) return IN_USE;
      return earlier.ready;
    }
    const ready = Promise.resolve(this.work(asked, fault));
    const kept: Kept = { fingerprint, ready, isOver: false };
    this.kept.set(key, kept);
    const result = await ready;
    if (typeof fault === 'object' && 'delayMs' in fault) await sleep(fault.delayMs);
    kept.isOver = true;
    if (result.status === 429 || result.status === 400) this.kept.delete(key);
    return result;
  }

  private work(asked: StripeRequest, fault: Fault | undefined): { status: number; body: object } {
    const instead = typeof fault === 'object' && 'status' in fault ? fault : undefined;
    let result: { status: number; body: object } = { status: 200, body: {} };
    if (instead === undefined || instead.done) {
      try {
        const { method, path, form } = asked;
        result = { status: 200, body: structuredClone(answer(this.account, this.url, method, path, form)) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        result = { status: error.status, body: { error: error.body } };
      }
    }
    if (instead === undefined) return result;
    return {
      status: instead.status,
      body: { error: { type: instead.status === 429 ? 'invalid_request_error' : 'api_error', message: 'Not now.' } },
    };
  }
}

const refused = (status: number, type: string, code: string | undefined, message: string) => ({
  status,
  body: { error: { type, ...(code && { code }), message } },
});
const UNAUTHORIZED = refused(401, 'invalid_request_error', undefined, 'Invalid API Key provided.');
const OTHER_PARAMETERS = refused(
  400,
  'idempotency_error',
  undefined,
  'Keys for idempotent requests can only be used with the same parameters they were first used with.',
);
const IN_USE = refused(
  409,
  'invalid_request_error',
  'idempotency_key_in_use',
  'There is currently another in-progress request using this idempotency key.',
);
