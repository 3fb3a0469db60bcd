import { handleEvent } from '@bastionary/billing/actions/stripe/handle-event';
import { readEvent, storeEvent } from '@bastionary/billing/actions/stripe/store-event';
import { AppError } from '@bastionary/platform/app-error';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/access.js';
import { CONFIG, type Config, LOGGER, type Logger } from '../../platform/providers.js';
import { Desk } from './desk.js';

@ApiTags('stripe')
@Controller('webhooks/stripe')
export class StripeWebhookController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly desk: Desk,
  ) {}

  /**
   * Kept first, then handled: what is kept is handled some time, by the worker if not here. Stripe hears of a failure all
   * the same, and sends it again.
   */
  @Post()
  @Public()
  @HttpCode(200)
  @ApiOperation({ summary: 'Where Stripe sends its events; its signature is over the bytes of the body' })
  async receive(
    @Body() payload: unknown,
    @Headers('stripe-signature') signature: string | undefined,
  ): Promise<{ received: true }> {
    const desk = this.desk.open;
    const bytes = typeof payload === 'string' ? payload : '';
    const event = readEvent(bytes, signature, this.config.STRIPE_WEBHOOK_SECRET ?? '', desk.now());
    if (event === null) return { received: true };
    const isDue = await desk.transact((tx) => storeEvent(tx, event, desk.now()));
    if (isDue) await handleEvent(desk, event.id).catch((error) => this.refuse(event.id, error));
    return { received: true };
  }

  private refuse(event: string, error: unknown): never {
    this.logger.warn({ event, err: error }, 'an event of Stripe could not be handled yet');
    throw new AppError('unavailable', 'The event is kept, and will be handled later.', {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
}
