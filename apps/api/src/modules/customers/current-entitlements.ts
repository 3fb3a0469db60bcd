import type { Entitlements } from '@bastionary/contracts/entitlements';
import { toInstant } from '@bastionary/contracts/text';
import { entitlementsAt, newestEntitlements } from '@bastionary/entitlements/actions/find-entitlements';
import { settleEntitlements } from '@bastionary/entitlements/actions/refresh-entitlements';
import { AppError } from '@bastionary/platform/app-error';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from '../../platform/providers.js';
import { asInstallation } from '../../platform/request-customer.js';
import { Writer } from '../../platform/writer.js';
import { FOLLOWERS } from './followers.js';

/** What customers may do. Nobody need wait for the worker: what is overdue is settled first. */
@Injectable()
export class CurrentEntitlements {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  /** @throws AppError not_found */
  async now(customerId: string): Promise<Entitlements> {
    const now = new Date();
    const { entitlements, overdue } = await newestEntitlements(this.db, customerId, now);
    if (!overdue) return entitlements;
    await this.settle(customerId, now);
    return (await newestEntitlements(this.db, customerId, now)).entitlements;
  }

  /** Lets what is overdue take effect, for customers and all that follows them. @returns whether anything was */
  async settled(customerId: string): Promise<boolean> {
    const now = new Date();
    const { overdue } = await newestEntitlements(this.db, customerId, now);
    if (overdue) await this.settle(customerId, now);
    return overdue;
  }

  private settle(customerId: string, now: Date): Promise<unknown> {
    // That time passes is not the doing of whoever asks, who may write none of it.
    return asInstallation(() =>
      this.writer.writeFirst((tx) => settleEntitlements(tx, customerId, { now, followers: FOLLOWERS })),
    );
  }

  /** @throws AppError not_found (also before there was such a customer), invalid_request (an instant in the future) */
  async at(customerId: string, at: Date): Promise<Entitlements> {
    const now = new Date();
    if (at > now) {
      const message = `must not lie in the future: it is ${toInstant(now)} now, and what comes can still change`;
      const faults = [{ path: '?at', code: 'in_the_future', message }];
      throw new AppError('invalid_request', `at ${message}.`, { faults });
    }
    await this.now(customerId);
    const then = await entitlementsAt(this.db, customerId, at);
    if (then === null) throw new AppError('not_found', `At ${toInstant(at)} there was no customer ${customerId} yet.`);
    return then;
  }
}
