import { type House, patiently } from '../support.js';
import type { Act } from './history-acts.js';
import { endOf, nextChange, type State, type Subscription, termsAt } from './history-model.js';

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Any = any;
const KINDS: Record<string, object> = {
  api: { name: 'API', type: 'switch' },
  seats: { name: 'Seats', type: 'limit', combine: 'sum' },
  storage: { name: 'Storage', type: 'limit' },
  region: { name: 'Region', type: 'value' },
};

/** One customer, what is done to it through the api, and what a model would know of that. */
export class History {
  /** What was so from when on: exactly, or at some instant between the two. */
  private readonly past: { earliest: number; latest: number; state: State }[] = [];

  private constructor(
    private readonly shop: House,
    private readonly run: number,
    readonly customer: string,
    readonly state: State,
  ) {}

  /** A new customer, and plans of its own. */
  static async begin(shop: House, run: number): Promise<History> {
    const ask = (path: string, body?: object) => patiently(() => shop.manage(path, { body }));
    const { data } = (await ask('/api/features')).body;
    const defaults = Object.fromEntries(data.map((one: Any) => [one.key, one.default]));
    const state: State = { status: 'active', defaults, versions: {}, subscriptions: [], overrides: [] };
    const initial = {
      small: { seats: 2, region: 'eu' },
      large: { api: true, seats: 5, storage: 7 },
      extra: { seats: 1 },
    };
    for (const [name, features] of Object.entries(initial)) {
      const key = `${name}-${run}`;
      const kind = name === 'extra' ? 'add_on' : 'plan';
      await ask('/api/plans', { key, name, kind, features, publish: true });
      state.versions[`${key}@1`] = features;
    }
    const made = await ask('/api/customers', { name: `Customer ${run}`, email: 'c@example.com', currency: 'EUR' });
    const history = new History(shop, run, made.body.id, state);
    history.note(Date.parse(made.body.created_at));
    return history;
  }

  /** The states in which the customer may have been at an instant: one, unless something was just being done. */
  statesAt(at: number): State[] {
    return this.past
      .filter(
        ({ earliest }, index) => earliest <= at && at < (this.past[index + 1]?.latest ?? Number.POSITIVE_INFINITY),
      )
      .map(({ state }) => state);
  }

  /** Milliseconds until just after the next thing happens by itself, `most` at most. */
  untilNext(most: number): number {
    const next = nextChange(this.state, Date.now());
    return next === null ? 0 : Math.min(most, next - Date.now() + 1);
  }

  /** Does one act through the api and in the model. @returns false if it was refused, or makes no sense now */
  async perform(act: Act): Promise<boolean> {
    const begun = Date.now();
    const done = await this.act(act);
    if (done === undefined) return false;
    this.note(done === 'some time' ? begun : done, done === 'some time' ? Date.now() : done);
    return true;
  }

  private note(earliest: number, latest = earliest): void {
    const state = structuredClone(this.state);
    // What changed nothing has no instant.
    if (JSON.stringify(state) !== JSON.stringify(this.past.at(-1)?.state)) this.past.push({ earliest, latest, state });
  }

  /** @returns the instant of the change, undefined if it was refused */
  private async act(act: Act): Promise<number | 'some time' | undefined> {
    const { state } = this;
    const customer = `/api/customers/${this.customer}`;
    switch (act.do) {
      case 'subscribe':
        return this.subscribe(act);
      case 'change':
        return this.change(act);
      case 'cancel':
      case 'pause':
      case 'suspend':
        return this.turn(act);
      case 'migrate':
        return this.migrate(act.plan);
      case 'publish': {
        const key = this.key(act.plan);
        await this.ask('POST', `/api/plans/${key}/versions`, { features: act.features, publish: true });
        state.versions[`${key}@${this.newest(key) + 1}`] = act.features;
        return 'some time';
      }
      case 'except': {
        const { feature, value } = act.what;
        const expires = act.later === null ? null : Date.now() + act.later;
        const expires_at = expires === null ? null : new Date(expires).toISOString();
        const answer = await this.ask('PUT', `${customer}/overrides/${feature}`, { value, reason: 'test', expires_at });
        if (answer === undefined) return undefined;
        state.overrides = state.overrides.filter((other) => other.feature !== feature);
        state.overrides.push({ feature, value, expires });
        return Date.parse(answer.created_at);
      }
      case 'unexcept': {
        const { feature } = act.what;
        if (!state.overrides.some((one) => one.feature === feature)) return undefined;
        await this.ask('DELETE', `${customer}/overrides/${feature}`);
        state.overrides = state.overrides.filter((one) => one.feature !== feature);
        return 'some time';
      }
      case 'hold': {
        const { updated_at } = await this.ask('PATCH', customer, { status: act.status });
        state.status = act.status;
        return Date.parse(updated_at);
      }
      case 'default': {
        const { feature, value } = act.what;
        const { updated_at } = await this.ask('PATCH', `/api/features/${feature}`, { default: value });
        state.defaults[feature] = value;
        return Date.parse(updated_at);
      }
      case 'catalogue':
        return this.applyCatalogue(act);
      case 'bonus': {
        if ('bonus' in state.defaults) {
          await this.ask('DELETE', '/api/features/bonus');
          delete state.defaults.bonus;
        } else {
          await this.ask('POST', '/api/features', { key: 'bonus', name: 'Bonus', type: 'limit', default: 3 });
          state.defaults.bonus = 3;
        }
        return 'some time';
      }
    }
  }

  private async subscribe({ plan, quantity, extra, start }: Extract<Act, { do: 'subscribe' }>) {
    if (this.state.subscriptions.length >= 3) return undefined;
    const made = await this.ask('POST', '/api/subscriptions', {
      customer_id: this.customer,
      plan: this.key(plan),
      quantity,
      add_ons: this.addOns(extra),
      ...(start !== null && { start: new Date(Date.now() + start).toISOString() }),
    });
    const begins = Date.parse(made.start);
    // Until somebody says otherwise, also before its start.
    const patch = { at: 0, plan: this.current(plan), quantity, extra: this.extra(extra) };
    const { id } = made;
    const rest = { pauses: [], suspended: false, canceled: null, cancelAt: null };
    this.state.subscriptions.push({ id, start: begins, patches: [patch], ...rest });
    return Date.parse(made.created_at);
  }

  private async change({ who, plan, quantity, extra, later }: Extract<Act, { do: 'change' }>) {
    const one = this.subscription(who);
    if (one === undefined || (plan === null && quantity === null && extra === undefined)) return undefined;
    const at = later === null ? null : Date.now() + later;
    const answer = await this.ask('PATCH', `/api/subscriptions/${one.id}`, {
      ...(plan !== null && { plan: this.key(plan) }),
      ...(quantity !== null && { quantity }),
      ...(extra !== undefined && { add_ons: this.addOns(extra ?? 0) }),
      ...(at !== null && { at: new Date(at).toISOString() }),
    });
    if (answer === undefined) return undefined;
    const done = Date.parse(answer.updated_at);
    const patch = {
      ...(plan !== null && { plan: this.current(plan) }),
      ...(quantity !== null && { quantity }),
      ...(extra !== undefined && { extra: this.extra(extra ?? 0) }),
    };
    // What is so already is not arranged: what else is arranged for later stays as it is.
    if (JSON.stringify({ ...termsAt(one, at ?? done), ...patch }) === JSON.stringify(termsAt(one, at ?? done))) {
      return done;
    }
    one.patches.push({ at: at ?? done, ...patch });
    return done;
  }

  private async turn(act: Extract<Act, { do: 'cancel' | 'pause' | 'suspend' }>) {
    const one = this.subscription(act.who);
    if (one === undefined) return undefined;
    const { do: what, who, later = null, ...wanted } = { later: null, ...act };
    // A pause begins at once here; its end, and that of the subscription, may lie ahead.
    const isLater =
      later !== null && (what === 'cancel' ? act.do === 'cancel' && act.cancel : act.do === 'pause' && !act.pause);
    const at = isLater ? Date.now() + later : null;
    const body = { ...wanted, ...(at !== null && { at: new Date(at).toISOString() }) };
    const answer = await this.ask('PATCH', `/api/subscriptions/${one.id}`, body);
    if (answer === undefined) return undefined;
    const done = Date.parse(answer.updated_at);
    if (act.do === 'suspend') one.suspended = act.suspend;
    else if (act.do === 'pause') turnPause(one, act.pause, at ?? done, done);
    else if (!act.cancel) one.cancelAt = null;
    // What has ended stays so, whatever is asked of it. The answer's state does not tell: an end that lay ahead may have
    // come while it was written.
    else if (endOf(one) > done) Object.assign(one, at === null ? { canceled: done, cancelAt: null } : { cancelAt: at });
    return done;
  }

  private async migrate(name: 'small' | 'large') {
    const now = Date.now();
    const { subscriptions } = this.state;
    // A change that came due and that nobody wrote down is not seen by a search for subscriptions.
    if (subscriptions.some(({ patches }) => patches.some(({ at }) => at > now - 2_000))) return undefined;
    const to = this.current(name);
    const { migrated } = await this.ask('POST', `/api/plans/${this.key(name)}/migrate`, { at: 'now' });
    if (migrated === 0) return 'some time';
    let done = now;
    for (const one of subscriptions) {
      const { plan } = termsAt(one, now);
      if (endOf(one) <= now || plan.split('@')[0] !== this.key(name) || plan === to) continue;
      const { updated_at } = await this.ask('GET', `/api/subscriptions/${one.id}`);
      done = Date.parse(updated_at);
      one.patches.push({ at: done, plan: to });
    }
    return done;
  }

  private async applyCatalogue({ what: { feature, value }, plan, features }: Extract<Act, { do: 'catalogue' }>) {
    const key = this.key(plan);
    const version = this.newest(key) + 1;
    await this.ask('PUT', '/api/catalogue', {
      features: [{ key: feature, ...KINDS[feature], default: value }],
      plans: [{ key, name: plan, versions: [{ version, status: 'published', features }] }],
    });
    this.state.versions[`${key}@${version}`] = features;
    this.state.defaults[feature] = value;
    return 'some time' as const;
  }

  private subscription = (who: number): Subscription | undefined => {
    const { subscriptions } = this.state;
    return subscriptions[who % subscriptions.length];
  };
  private key = (name: string): string => `${name}-${this.run}`;
  private newest = (key: string): number =>
    Object.keys(this.state.versions).filter((name) => name.startsWith(`${key}@`)).length;
  private current = (name: string): string => `${this.key(name)}@${this.newest(this.key(name))}`;
  private addOns = (quantity: number) => (quantity === 0 ? [] : [{ plan: this.key('extra'), quantity }]);
  private extra = (quantity: number) => (quantity === 0 ? null : { plan: this.current('extra'), quantity });

  /** @returns the answer; undefined if the state of things does not allow it */
  private async ask(method: string, path: string, body?: object): Promise<Any> {
    const answer = await patiently(() => this.shop.manage(path, { method, body }));
    if (answer.status < 300) return answer.body;
    const late = answer.body.errors?.some(({ path }: Any) => path === '/expires_at' || path === '/start');
    if (answer.status === 409 || late) return undefined;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

function turnPause(one: Subscription, pause: boolean, at: number, now: number): void {
  const last = one.pauses.at(-1);
  const isUnderWay = last !== undefined && (last.until === null || now < last.until);
  if (pause && isUnderWay) last.until = null;
  else if (pause) one.pauses.push({ from: at, until: null });
  else if (isUnderWay) last.until = at;
}
