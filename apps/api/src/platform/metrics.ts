import type { EventResult } from '@bastionary/contracts/usage';
import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client';

/** What a request was refused for, or a quota exceeded. */
export type LimitKind =
  | 'client_rate'
  | 'address_rate'
  | 'management_rate'
  | 'management_address_rate'
  | 'usage_rate'
  | 'usage_address_rate'
  | 'flag_rate'
  | 'flag_address_rate'
  | 'wrong_secrets'
  | 'license_keys'
  | 'sign_in'
  | 'second_factor'
  | 'tokens_per_hour'
  | 'tokens_per_day'
  | 'allowed_addresses';

const EVENT_RESULTS: readonly EventResult[] = ['accepted', 'duplicate', 'conflict', 'rejected'];

/** The measurements of this process, for Prometheus. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requestSeconds = new Histogram({
    name: 'bastionary_http_request_seconds',
    help: 'Time from the first byte of a request to the last byte of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [this.registry],
  });
  readonly tokensIssued = new Counter({
    name: 'bastionary_tokens_issued_total',
    help: 'Access tokens issued',
    registers: [this.registry],
  });
  readonly oauthFaults = new Counter({
    name: 'bastionary_oauth_errors_total',
    help: 'Refused requests at the OAuth2 endpoints',
    labelNames: ['error'] as const,
    registers: [this.registry],
  });
  readonly failuresNotStored = new Counter({
    name: 'bastionary_failures_not_stored_total',
    help: 'Refusals whose reason was not kept: suppressed beyond FAILURES_PER_MINUTE, dropped beyond FAILURE_BUFFER_MAX',
    labelNames: ['why'] as const,
    registers: [this.registry],
  });
  readonly feedCurrent = new Gauge({
    name: 'bastionary_change_feed_current',
    help: '1 while everything committed more than a second ago is known here',
    registers: [this.registry],
  });
  readonly limitedRequests = new Counter<'kind'>({
    name: 'bastionary_limited_requests_total',
    help: 'Requests refused by a limit',
    labelNames: ['kind'] as const,
    registers: [this.registry],
  });
  readonly observedQuota = new Counter<'kind'>({
    name: 'bastionary_tokens_over_observed_quota_total',
    help: 'Tokens issued beyond a quota that is observed and not enforced',
    labelNames: ['kind'] as const,
    registers: [this.registry],
  });
  readonly usageEvents = new Counter<'result'>({
    name: 'bastionary_usage_events_total',
    help: 'Usage events received, by what became of them',
    labelNames: ['result'] as const,
    registers: [this.registry],
  });
  readonly limitsStoreAvailable = new Gauge({
    name: 'bastionary_limits_store_available',
    help: '0 while the shared store of the limits is away and every process limits on its own',
    registers: [this.registry],
  });

  private readonly bound = new Map<string, { observe(seconds: number): void }>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const result of EVENT_RESULTS) this.usageEvents.inc({ result }, 0);
  }

  /** Notes a finished request. The series is looked up by its labels once, not at every request. */
  observeRequest(method: string, route: string, status: number, seconds: number): void {
    const key = `${method} ${status} ${route}`;
    let series = this.bound.get(key);
    if (series === undefined) {
      series = this.requestSeconds.labels({ method, route, status: String(status) });
      this.bound.set(key, series);
    }
    series.observe(seconds);
  }
}
