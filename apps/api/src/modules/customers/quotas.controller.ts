import {
  type Quota,
  quota,
  quotaParams,
  type Reservation,
  type ReserveRequest,
  reservation,
  reservationParams,
  reserveRequest,
} from '@bastionary/contracts/quotas';
import { commitReservation, releaseReservation } from '@bastionary/entitlements/actions/end-reservation';
import { getQuota } from '@bastionary/entitlements/actions/find-quota';
import { refuseIfFull, reserveQuota } from '@bastionary/entitlements/actions/reserve-quota';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { customerOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Turns } from '../../platform/turns.js';
import { Writer } from '../../platform/writer.js';
import { CurrentEntitlements } from './current-entitlements.js';
import { FOLLOWERS } from './followers.js';

type ReservationParams = { reservation_id: string };

@ApiTags('quotas')
@Controller('api/quotas')
export class QuotasController {
  // Whoever wants the same limit waits for the same row: better here than each with a connection of its own.
  private readonly turns = new Turns();

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly current: CurrentEntitlements,
  ) {}

  @Post()
  @Needs('quotas:write')
  @OpenToCustomers('body')
  @ApiOperation({ summary: 'Take a part of a limit, for good with commit, or until it expires' })
  @ApiCreatedResponse({ standardSchema: reservation })
  reserve(
    @Body({ schema: reserveRequest }) body: ReserveRequest,
    @Req() request: FastifyRequest,
  ): Promise<Reservation> {
    return this.turns.take(`${body.customer_id} ${body.feature}`, async () => {
      const now = new Date();
      // What fell due is settled by now; a customer's client could not write it in its own transaction.
      if (customerOf(request) !== null) await this.current.now(body.customer_id);
      const repeatable = request.headers['idempotency-key'] !== undefined;
      // The first answer to a key stands, also when the limit has been used up since.
      if (!repeatable) await refuseIfFull(this.db, body, now);
      return this.writer.writeOnce(request, (tx) => reserveQuota(tx, body, { now, followers: FOLLOWERS }));
    });
  }

  @Get(':customer_id/:feature')
  @Needs('entitlements:read')
  @OpenToCustomers('path')
  @ApiOperation({ summary: 'How much of a limit is used and free' })
  @ApiOkResponse({ standardSchema: quota })
  async get(
    @Param({ schema: quotaParams }) { customer_id, feature }: { customer_id: string; feature: string },
  ): Promise<Quota> {
    await this.current.now(customer_id);
    return getQuota(this.db, customer_id, feature, new Date());
  }

  @Post(':reservation_id/commit')
  @HttpCode(200)
  @Needs('quotas:write')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'Keep a reservation for good' })
  @ApiOkResponse({ standardSchema: reservation })
  commit(
    @Param({ schema: reservationParams }) params: ReservationParams,
    @Req() request: FastifyRequest,
  ): Promise<Reservation> {
    return this.writer.write((tx) => commitReservation(tx, params.reservation_id, customerOf(request)));
  }

  @Post(':reservation_id/release')
  @HttpCode(200)
  @Needs('quotas:write')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'Give back what a reservation holds' })
  @ApiOkResponse({ standardSchema: reservation })
  release(
    @Param({ schema: reservationParams }) params: ReservationParams,
    @Req() request: FastifyRequest,
  ): Promise<Reservation> {
    return this.writer.write((tx) => releaseReservation(tx, params.reservation_id, customerOf(request)));
  }
}
