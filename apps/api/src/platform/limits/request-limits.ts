import type { IncomingMessage } from 'node:http';
import { type AddressRange, isAllowed, parseAddress, parseRange } from '@bastionary/oauth/rules/address-range';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { rateLimitFields, type ServiceLimit, seconds } from '@bastionary/oauth/rules/rate-limit-fields';
import type { RateLimit } from '@bastionary/oauth/rules/token-bucket';
import { AppError } from '@bastionary/platform/app-error';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../providers.js';
import type { Verdict } from './bucket-limiter.js';
import { Limits, type RateKind } from './limits.js';

/** What the limits need of a client. */
export interface LimitedClient {
  readonly clientId: string;
  readonly allowedAddresses: readonly string[];
  readonly rateLimit: { readonly requests: number; readonly per_seconds: number; readonly burst?: number } | null;
}

/** What a refusal says, in whatever form its surface has. */
interface Refusal {
  readonly told: string;
  readonly retryAfterSeconds: number;
  readonly headers: Record<string, string>;
  readonly limit: RateLimit;
  readonly subject: string;
  readonly isRepeat: boolean;
}
type Refuse = (refusal: Refusal) => Error;

/** Names of the policies in the RateLimit fields, and what is told to whoever exceeds them. */
const POLICIES: Record<RateKind, { readonly name: string; readonly told: string }> = {
  client_rate: { name: 'client', told: 'This client sends too many requests' },
  address_rate: { name: 'address', told: 'Too many requests come from this address' },
  management_rate: { name: 'caller', told: 'You send too many requests.' },
  management_address_rate: { name: 'address', told: 'Too many requests come from your address.' },
  usage_rate: { name: 'caller', told: 'You send too many requests; an array takes many usage events at once.' },
  usage_address_rate: { name: 'address', told: 'Too many requests come from your address.' },
  flag_rate: { name: 'caller', told: 'You ask for flags too often.' },
  flag_address_rate: { name: 'address', told: 'Too many requests come from your address.' },
};

/** How many requests are served: per client and address at the OAuth2 endpoints, per caller and address elsewhere. */
@Injectable()
export class RequestLimits {
  /** Requests that were let in by their address already, before they took the ordinary way after all. */
  readonly admitted = new WeakSet<IncomingMessage>();
  private readonly defaults: Record<RateKind, RateLimit>;
  // By the very list in memory: it is parsed once, and forgotten with its client.
  private readonly lists = new WeakMap<
    readonly string[],
    { ranges: AddressRange[]; lastAllowed: string | undefined }
  >();

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly limits: Limits,
  ) {
    const perSecond = (requests: number, burst: number): RateLimit => ({ requests, perSeconds: 1, burst });
    this.defaults = {
      client_rate: perSecond(config.CLIENT_RATE_PER_SECOND, config.CLIENT_RATE_BURST),
      address_rate: perSecond(config.ADDRESS_RATE_PER_SECOND, config.ADDRESS_RATE_BURST),
      management_rate: perSecond(config.MANAGEMENT_RATE_PER_SECOND, config.MANAGEMENT_RATE_BURST),
      management_address_rate: perSecond(
        config.MANAGEMENT_ADDRESS_RATE_PER_SECOND,
        config.MANAGEMENT_ADDRESS_RATE_BURST,
      ),
      usage_rate: perSecond(config.USAGE_RATE_PER_SECOND, config.USAGE_RATE_BURST),
      usage_address_rate: perSecond(config.USAGE_RATE_PER_SECOND, config.USAGE_RATE_BURST),
      flag_rate: perSecond(config.FLAG_RATE_PER_SECOND, config.FLAG_RATE_BURST),
      flag_address_rate: perSecond(config.FLAG_RATE_PER_SECOND, config.FLAG_RATE_BURST),
    };
  }

  /** A request at an OAuth2 endpoint, of which nothing is known but its address. @throws OAuthFault slow_down */
  admitAddress(address: string): unknown {
    return this.admit('address_rate', this.limits.keyOf(address), this.defaults.address_rate, slowDown);
  }

  /**
   * A request of a client that has proven itself: what others send in its name costs it nothing.
   * No promise unless other processes must be asked.
   * @returns what the client's own limit has left; undefined if it has none of its own
   * @throws OAuthFault slow_down
   */
  admitClient({
    clientId,
    rateLimit,
  }: Pick<LimitedClient, 'clientId' | 'rateLimit'>): ServiceLimit | undefined | Promise<ServiceLimit | undefined> {
    if (rateLimit === null) {
      const admitted = this.admit('client_rate', clientId, this.defaults.client_rate, slowDown);
      return admitted instanceof Promise ? admitted.then(() => undefined) : undefined;
    }
    const { requests, per_seconds: perSeconds, burst = requests } = rateLimit;
    return this.admit('client_rate', clientId, { requests, perSeconds, burst }, slowDown);
  }

  /**
   * A request of a client or an operator at the management API.
   * @param sendsUsage whether it sends usage events: machines do so all the time
   * @throws AppError too_many_requests
   */
  admitCaller(actor: string, sendsUsage: boolean): unknown {
    const kind = sendsUsage ? 'usage_rate' : 'management_rate';
    return this.admit(kind, actor, this.defaults[kind], tooManyRequests);
  }

  /** A request anywhere else than at the OAuth2 endpoints, whoever makes it. @throws AppError too_many_requests */
  admitVisitor(address: string, sendsUsage: boolean): unknown {
    const kind = sendsUsage ? 'usage_address_rate' : 'management_address_rate';
    return this.admit(kind, this.limits.keyOf(address), this.defaults[kind], tooManyRequests);
  }

  /** A request for flags, by its address. No promise unless other processes must be asked. @throws AppError too_many_requests */
  admitFlagAddress(address: string): unknown {
    return this.admit(
      'flag_address_rate',
      this.limits.keyOf(address),
      this.defaults.flag_address_rate,
      tooManyRequests,
    );
  }

  /** The same by its caller. @throws AppError too_many_requests */
  admitFlagCaller(caller: string): unknown {
    return this.admit('flag_rate', caller, this.defaults.flag_rate, tooManyRequests);
  }

  private admit(
    kind: RateKind,
    subject: string,
    limit: RateLimit,
    refuse: Refuse,
  ): ServiceLimit | Promise<ServiceLimit> {
    const verdict = this.limits.take(kind, subject, limit);
    return verdict instanceof Promise
      ? verdict.then((answered) => this.judge(kind, subject, limit, answered, refuse))
      : this.judge(kind, subject, limit, verdict, refuse);
  }

  private judge(kind: RateKind, subject: string, limit: RateLimit, verdict: Verdict, refuse: Refuse): ServiceLimit {
    const { name, told } = POLICIES[kind];
    const { allowed, remaining, resetMs, retryAfterMs } = verdict;
    const { requests, perSeconds, burst } = limit;
    const left = {
      name,
      quota: requests,
      windowSeconds: perSeconds,
      burst,
      remaining,
      resetMs: allowed ? resetMs : retryAfterMs,
    };
    if (allowed) return left;
    throw refuse({
      told,
      retryAfterSeconds: seconds(retryAfterMs),
      headers: rateLimitFields([left]),
      limit,
      subject,
      isRepeat: this.limits.noteRefusal(kind, subject),
    });
  }

  /** @throws OAuthFault invalid_client for an address that is not in the client's allowlist: exact inside, uniform outside */
  checkAddress({ clientId, allowedAddresses }: LimitedClient, address: string): void {
    if (allowedAddresses.length === 0) return;
    let list = this.lists.get(allowedAddresses);
    if (list === undefined) {
      list = { ranges: allowedAddresses.map(parseRange).filter((range) => range !== null), lastAllowed: undefined };
      this.lists.set(allowedAddresses, list);
    }
    // A machine comes from where it came from before.
    if (list.lastAllowed === address) return;
    // A list of which nothing can be read must not let everybody in.
    if (list.ranges.length > 0 && isAllowed(list.ranges, parseAddress(address))) {
      list.lastAllowed = address;
      return;
    }
    this.limits.noteRefusal('allowed_addresses', clientId);
    throw new OAuthFault('invalid_client', 'Client authentication failed', {
      reason: `address ${address.slice(0, 64)} is not in the client's allowlist`,
      reasonCode: 'address_not_allowed',
      clientId,
    });
  }
}

const slowDown: Refuse = ({ told, subject, ...rest }) =>
  new OAuthFault('slow_down', told, { reason: `${told}: ${subject}`, reasonCode: 'rate_limited', ...rest });

const tooManyRequests: Refuse = ({ told, retryAfterSeconds, headers, limit }) =>
  new AppError('too_many_requests', `${told} Try again in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
    headers,
    limit: { count: limit.requests, seconds: limit.perSeconds },
  });
