import { createServer, type Server } from 'node:http';
import type { Config } from '@bastionary/platform/config';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Histogram, Registry } from '@prometheus-io/client';
import { CONFIG } from './providers.js';

const RESULTS = ['done', 'failed', 'rescheduled'] as const;
const STEPS = ['drafted', 'finalized'] as const;

/** What a part of a billing run did. */
export interface BillingPart {
  readonly examined: number;
  readonly drafted: number;
  readonly finalized: number;
  readonly rescheduled: number;
  readonly failed: number;
}

/** The measurements of this process, for Prometheus: at WORKER_METRICS_PORT, if that is set. */
@Injectable()
export class Metrics implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly registry = new Registry();
  private server: Server | undefined;
  private readonly billed = new Counter<'result'>({
    name: 'bastionary_billing_subscriptions_total',
    help: 'Subscriptions of billing runs: done up to their next boundary, failed (drafts too), rescheduled as somebody changed their customer',
    labelNames: ['result'] as const,
    registers: [this.registry],
  });
  private readonly invoices = new Counter<'step'>({
    name: 'bastionary_billing_invoices_total',
    help: 'Invoices that billing runs drafted and finalized',
    labelNames: ['step'] as const,
    registers: [this.registry],
  });
  private readonly seconds = new Histogram({
    name: 'bastionary_billing_run_seconds',
    help: 'Time of a part of a billing run that had something to do; after five seconds the next part begins',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  constructor(@Inject(CONFIG) private readonly config: Config) {
    collectDefaultMetrics({ register: this.registry });
    for (const result of RESULTS) this.billed.inc({ result }, 0);
    for (const step of STEPS) this.invoices.inc({ step }, 0);
  }

  /** Notes a part of a billing run. */
  observeBilling({ examined, failed, rescheduled, drafted, finalized }: BillingPart, seconds: number): void {
    this.billed.inc({ result: 'done' }, examined);
    this.billed.inc({ result: 'failed' }, failed);
    this.billed.inc({ result: 'rescheduled' }, rescheduled);
    this.invoices.inc({ step: 'drafted' }, drafted);
    this.invoices.inc({ step: 'finalized' }, finalized);
    this.seconds.observe(seconds);
  }

  /** @throws if the port is taken */
  async onApplicationBootstrap(): Promise<void> {
    const { WORKER_METRICS_PORT: port, HOST: host } = this.config;
    if (port === undefined) return;
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Only GET /metrics is here.\n');
        return;
      }
      this.registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
