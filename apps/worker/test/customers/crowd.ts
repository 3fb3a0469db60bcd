import { type Api, startApi } from '@bastionary/testing/api-process';
import { type Answer, basic, json, managementToken, type RequestOptions } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { type MadeClient, Works } from '../support.js';

const MARKS = 10;
const SUSPENDED_MS = 1_500;
const ACTIVE_MS = 2_000;
const UNLIMITED = { MANAGEMENT_RATE_PER_SECOND: '100000', MANAGEMENT_ADDRESS_RATE_PER_SECOND: '100000' };

/** What a token or an introspection said about the customer, and when it was asked for. */
export interface Statement {
  readonly process: number;
  readonly asked: number;
  readonly answered: number;
  readonly epoch: number;
  readonly hash: string;
}

/** A change that a process has acknowledged; by its value, its epoch is found in the history. */
export interface Acknowledged {
  readonly at: number;
  readonly feature: string;
  readonly value: number;
  /** It ends soon: perhaps before its turn had come. */
  readonly passing: boolean;
}

/** From the acknowledged suspension until the end of it was asked for. */
export interface Suspension {
  readonly from: number;
  until: number;
}

/** What is acknowledged is known everywhere after so long. */
export const BOUND_MS = 1_000;

/** Whether the customer was known to be suspended everywhere by then. */
export const isWithin = ({ from, until }: Suspension, asked: number): boolean =>
  asked > from + BOUND_MS && asked < until;

/** One customer at two api processes, many who change it and many who ask what it may do. Everything is noted. */
export class Crowd {
  readonly tokens: Statement[] = [];
  readonly introspections: Statement[] = [];
  readonly refusals: { process: number; asked: number }[] = [];
  readonly acknowledged: Acknowledged[] = [];
  readonly suspensions: Suspension[] = [];
  readonly unavailable = { changes: 0, questions: 0 };
  kills = 0;
  private value = 1;
  private isOver = false;

  private constructor(
    readonly works: Works,
    readonly apis: readonly Api[],
    private readonly admin: string,
    readonly customer: string,
    private readonly subscription: string,
    private readonly clients: readonly MadeClient[],
  ) {}

  static async open(): Promise<Crowd> {
    const works = await Works.open({}, UNLIMITED);
    const { databaseUrl, dataDir, url } = works.api;
    const env = { ISSUER_URL: url, ...UNLIMITED };
    const other = await startApi({ databaseUrl, dataDir, firstRun: false, env });
    const make = async (path: string, body: object) => {
      const answer = await works.manage(path, { body });
      if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    };
    for (let mark = 0; mark < MARKS; mark++) {
      await make('/api/features', { key: `mark-${mark}`, name: 'Mark', type: 'limit' });
    }
    await make('/api/features', { key: 'seats', name: 'Seats', type: 'limit', combine: 'sum' });
    for (const key of ['small', 'large'])
      await make('/api/plans', { key, name: key, features: { seats: 1 }, publish: true });
    const { id } = await make('/api/customers', { name: 'A', email: 'a@b.example', currency: 'EUR' });
    const subscription = await make('/api/subscriptions', { customer_id: id, plan: 'small' });
    const clients = await Promise.all(Array.from({ length: 10 }, () => works.client({ customer_id: id })));
    return new Crowd(works, [works.api, other], await managementToken(works.api), id, subscription.id, clients);
  }

  async close(): Promise<void> {
    await this.apis[1]?.stop();
    await this.works.close();
  }

  /** A quarter of them changes the customer, the others ask, at least so long and until all has been seen; workers are killed. */
  async rage(size: number, atLeastMs: number): Promise<void> {
    const began = performance.now();
    const over = waitFor('all to be seen', () => performance.now() > began + atLeastMs && this.hasSeenAll(), {
      within: atLeastMs + 90_000,
    });
    const changers = Math.ceil(size / 4);
    const all = [
      this.suspends(),
      this.killsWorkers(),
      ...Array.from({ length: changers - 1 }, (_, index) => this.changes(index)),
      ...Array.from({ length: size - changers }, (_, index) => this.asks(index)),
    ];
    await Promise.race([over, ...all]).finally(() => {
      this.isOver = true;
    });
    await Promise.all(all);
  }

  private hasSeenAll(): boolean {
    const byBoth = (list: readonly { process: number }[]) => new Set(list.map(({ process }) => process)).size === 2;
    const dead = this.refusals.filter(({ asked }) => this.suspensions.some((one) => isWithin(one, asked)));
    return this.kills > 1 && [dead, this.tokens, this.introspections].every(byBoth);
  }

  private async changes(index: number): Promise<void> {
    while (!this.isOver) {
      if (index % 8 === 1) await this.changesSubscription();
      else if (index % 8 === 2) await this.manage(`/overrides/mark-${this.value % MARKS}`, { method: 'DELETE' });
      else await this.setsOverride(index % 8 > 5);
    }
  }

  private async setsOverride(expires: boolean): Promise<void> {
    const value = ++this.value;
    const feature = `mark-${value % MARKS}`;
    const expires_at = new Date(Date.now() + 800 + (value % 7) * 150).toISOString();
    const body = { value, reason: 'x', ...(expires && { expires_at }) };
    if (await this.manage(`/overrides/${feature}`, { method: 'PUT', body })) this.note(feature, value, expires);
  }

  private async changesSubscription(): Promise<void> {
    const quantity = ++this.value;
    const body = quantity % 2 === 0 ? { quantity } : { plan: quantity % 4 === 1 ? 'small' : 'large', quantity };
    const url = `${this.any().url}/api/subscriptions/${this.subscription}`;
    if (await this.done(json(url, { method: 'PATCH', token: this.admin, body }))) this.note('seats', quantity, false);
  }

  private async suspends(): Promise<void> {
    const set = (status: string) =>
      waitFor('the change of status', () => this.manage('', { method: 'PATCH', body: { status } }), {
        within: 60_000,
      });
    const pass = (ms: number) => {
      const then = performance.now() + ms;
      return waitFor('some time to pass', () => performance.now() > then || this.isOver);
    };
    while (!this.isOver) {
      await pass(ACTIVE_MS);
      await set('suspended');
      const suspension = { from: performance.now(), until: Number.POSITIVE_INFINITY };
      this.suspensions.push(suspension);
      await pass(SUSPENDED_MS);
      suspension.until = performance.now();
      await set('active');
    }
  }

  private async asks(index: number): Promise<void> {
    const process = index % 2;
    const client = this.clients[index % this.clients.length] as MadeClient;
    let token: string | undefined;
    for (let turn = 0; !this.isOver; turn++) {
      if (token === undefined || turn % 3 > 0) token = (await this.asksForToken(process, client)) ?? token;
      else await this.introspects(process, token);
    }
  }

  private async asksForToken(process: number, client: MadeClient): Promise<string | undefined> {
    const { answer, ...times } = await this.ask(process, 'token', { grant_type: 'client_credentials' }, client);
    if (answer.status === 401) this.refusals.push({ process, asked: times.asked });
    if (answer.status !== 200) return undefined;
    const { access_token } = answer.body;
    const { epoch, hash } = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString()).entitlements;
    this.tokens.push({ process, ...times, epoch, hash });
    return access_token;
  }

  private async introspects(process: number, token: string): Promise<void> {
    const { answer, ...times } = await this.ask(process, 'introspect', { token }, this.works.api.admin);
    if (answer.status !== 200 || !answer.body.active) return;
    const { epoch, hash } = answer.body.entitlements;
    this.introspections.push({ process, ...times, epoch, hash });
  }

  private async ask(process: number, endpoint: string, form: Record<string, string>, by: MadeClient) {
    const headers = { authorization: basic(by.client_id, by.client_secret) };
    const asked = performance.now();
    const answer = await json(`${this.apis[process]?.url}/oauth2/${endpoint}`, {
      body: new URLSearchParams(form),
      headers,
    });
    if (answer.status === 503) this.unavailable.questions++;
    else if (answer.status !== 200 && answer.status !== 401)
      throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return { answer, asked, answered: performance.now() };
  }

  private async killsWorkers(): Promise<void> {
    while (!this.isOver) {
      const worker = await this.works.worker();
      const then = performance.now() + Math.random() * 1_500;
      await waitFor('its time to come', () => performance.now() > then);
      await worker.kill();
      this.works.workers.pop();
      this.kills++;
    }
  }

  private manage(path: string, options: RequestOptions): Promise<boolean> {
    return this.done(
      json(`${this.any().url}/api/customers/${this.customer}${path}`, { token: this.admin, ...options }),
    );
  }

  // Nobody takes back what is not there, nor sets what is over by the time it arrives; "not now" is an answer too.
  private async done(asked: Promise<Answer>): Promise<boolean> {
    const { status, body } = await asked;
    if (status === 503) this.unavailable.changes++;
    else if (![200, 204, 404, 422].includes(status))
      throw new Error(
        `${status} ${JSON.stringify(body)} ${this.apis
          .flatMap((a) =>
            a
              .logs()
              .split('\n')
              .filter((l) => l.includes('"level":50')),
          )
          .join('\n')
          .slice(0, 6000)}`,
      );
    return status < 300;
  }

  private note(feature: string, value: number, passing: boolean): void {
    this.acknowledged.push({ at: performance.now(), feature, value, passing });
  }

  private any = (): Api => this.apis[this.value % 2] as Api;
}
