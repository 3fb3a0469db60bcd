import { Inject, Injectable } from '@nestjs/common';
import { Metrics } from './metrics.js';
import { LOGGER, type Logger } from './providers.js';

export interface FinishedRequest {
  readonly id: string;
  readonly method: string;
  /** The pattern of the route, not the address: `/api/clients/:client_id`. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly address: string | undefined;
}

// Tokens issued and introspected, licences validated, heartbeats and flags evaluated are counted, not logged line by line: at thousands a second the lines would cost more than the work.
const ROUTINE =
  /^\/(oauth2\/(token|introspect)|ofrep|flags\/v1|health|metrics|assets|v1\/.*actions\/(validate-key|ping|ping-heartbeat)$)/;

/** Notes every finished request: a measurement, and a line in the log. */
@Injectable()
export class RequestNotes {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  finished({ id, method, route, status, milliseconds, address }: FinishedRequest): void {
    this.metrics.observeRequest(method, route, status, milliseconds / 1_000);
    // Limits tell of themselves, once in a while: a line per refusal would make an overload worse.
    const level = (status < 400 && ROUTINE.test(route)) || status === 429 ? 'debug' : 'info';
    if (!this.logger.isLevelEnabled(level)) return;
    const ms = Math.round(milliseconds * 100) / 100;
    this.logger[level]({ request_id: id, method, route, status, ms, address }, 'request');
  }
}
