import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from './providers.js';

/** Requests of one client with one permission in one minute. */
export interface CustomerCall {
  readonly customerId: string;
  readonly clientId: string;
  readonly permission: string;
  /** Milliseconds of its beginning. */
  readonly minute: number;
  count: number;
}

const MINUTE_MS = 60_000;

/** Counts the management requests of customers' clients that were let in, in memory. */
@Injectable()
export class CustomerCalls {
  private counts = new Map<string, CustomerCall>();
  private readonly isOn: boolean;

  constructor(@Inject(CONFIG) { USAGE_OF_PLATFORM }: Config) {
    this.isOn = USAGE_OF_PLATFORM === '1';
  }

  /** @param now milliseconds */
  add(customerId: string, clientId: string, permission: string, now: number): void {
    if (!this.isOn) return;
    const minute = now - (now % MINUTE_MS);
    const key = `${clientId} ${permission} ${minute}`;
    const known = this.counts.get(key);
    if (known !== undefined) known.count++;
    else this.counts.set(key, { customerId, clientId, permission, minute, count: 1 });
  }

  /** What was counted since the last time; forgets it. */
  take(): readonly CustomerCall[] | undefined {
    if (this.counts.size === 0) return undefined;
    const taken = [...this.counts.values()];
    this.counts = new Map();
    return taken;
  }
}
