import { hkdfSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { readTicket, ticketEnd, writeTicket } from '@bastionary/flags/rules/stream-ticket';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ChangeFeed, type Follower } from '../../../platform/change-feed.js';
import { CONFIG, type Config } from '../../../platform/providers.js';
import { KeyRing } from '../../auth/key-ring.js';
import { type FlagCaller, FlagCallers } from './flag-callers.js';
import { FlagDocuments } from './flag-documents.js';

interface Stream {
  readonly response: ServerResponse;
  readonly environment: string;
  readonly caller: string;
  readonly customerId: string | null;
  readonly expiresAt: number;
}

/** Seconds of silence after which clients look for themselves. */
const INACTIVITY_SECONDS = 120;
const HEARTBEAT_MS = 15_000;
/** Whoever reads so slowly gets no more, and connects anew. */
const UNREAD_BYTES_MAX = 65_536;
/** The longest that a timer of Node can wait. */
const TIMER_MAX_MS = 2_147_483_647;

/** Streams that tell applications to ask again, and nothing else (OFREP §2.3). */
@Injectable()
export class FlagStreams implements Follower, OnModuleDestroy {
  private readonly open = new Set<Stream>();
  private readonly offers = new Map<string, { readonly end: number; readonly text: string }>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly heart: NodeJS.Timeout;
  private key: { readonly of: Uint8Array; readonly derived: Buffer } | undefined;
  private count = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly ring: KeyRing,
    private readonly callers: FlagCallers,
    private readonly documents: FlagDocuments,
    feed: ChangeFeed,
  ) {
    documents.onChange((environment) => this.changed(environment));
    feed.follow(this);
    this.heart = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.heart.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.heart);
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.closeAll();
  }

  /** Streams would keep a stopping process from its end. */
  closeAll(): void {
    for (const { response } of this.open) response.end();
  }

  /** `eventStreams` of a bulk answer, as JSON. The address stays the same as long as the ticket in it. */
  offer({ name, environment }: FlagCaller, now: number): string {
    const place = `${environment} ${name}`;
    const known = this.offers.get(place);
    const end = ticketEnd(now);
    if (known?.end === end) return known.text;
    const ticket = writeTicket(this.ticketKey, { environment, caller: name, expiresAt: end });
    const requestUri = `/ofrep/v1/streams?ticket=${ticket}`;
    const text = JSON.stringify([{ type: 'sse', endpoint: { requestUri }, inactivityDelaySec: INACTIVITY_SECONDS }]);
    if (this.offers.size >= 50_000) this.offers.clear();
    this.offers.set(place, { end, text });
    return text;
  }

  /**
   * Opens a stream on a response that nobody has written to.
   * @returns the status of a refusal: 401 (the ticket is no good), 503 (too many streams); null: it is open
   */
  async listen(
    response: ServerResponse,
    text: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<401 | 503 | null> {
    const ticket = readTicket(this.ticketKey, text, Date.now());
    if (ticket === null || !(await this.callers.mayListen(ticket.caller))) return 401;
    if (this.open.size >= this.config.FLAG_STREAMS_MAX) return 503;
    const customerId = await this.callers.customerOf(ticket.caller);
    const { environment, caller } = ticket;
    const stream: Stream = { response, environment, caller, customerId, expiresAt: ticket.expiresAt * 1_000 };
    response.socket?.setTimeout(0).setNoDelay(true);
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write(': open\n\n');
    this.open.add(stream);
    // Of the response: the request is closed as soon as it was read.
    response.on('close', () => this.open.delete(stream));
    return null;
  }

  apply(change: Change): void {
    if (change.kind === 'customer') {
      this.push((stream) => stream.customerId === change.customerId);
      void this.dismiss((stream) => stream.customerId === change.customerId);
    } else if (change.kind === 'client') {
      this.push((stream) => stream.caller === `client:${change.clientId}`);
      void this.dismiss((stream) => stream.caller === `client:${change.clientId}`);
    } else if (change.kind === 'flag_client_keys') void this.dismiss((stream) => stream.caller.startsWith('key:'));
  }

  /** Something may have been missed: everybody asks again. */
  async reload(): Promise<void> {
    this.push(() => true);
  }

  private changed(environment: string): void {
    this.push((stream) => stream.environment === environment);
    this.arm(environment);
  }

  /** What changes by itself is told when it does. */
  private arm(environment: string): void {
    clearTimeout(this.timers.get(environment));
    const served = this.documents.served(environment);
    if (served === undefined || served instanceof Promise) {
      void Promise.resolve(served).then(
        (found) => found !== undefined && this.armFor(environment, found.nextChange(Date.now())),
      );
      return;
    }
    this.armFor(environment, served.nextChange(Date.now()));
  }

  private armFor(environment: string, at: number | null): void {
    clearTimeout(this.timers.get(environment));
    if (at === null) return;
    const timer = setTimeout(() => this.changed(environment), Math.min(at - Date.now() + 5, TIMER_MAX_MS));
    timer.unref();
    this.timers.set(environment, timer);
  }

  private push(concerns: (stream: Stream) => boolean): void {
    if (this.open.size === 0) return;
    const id = ++this.count;
    const lastModified = Math.floor(Date.now() / 1_000);
    const data = JSON.stringify({ type: 'refetchEvaluation', etag: `"${lastModified}-${id}"`, lastModified });
    const frame = `id: ${lastModified}-${id}\nevent: message\ndata: ${data}\n\n`;
    for (const stream of this.open) if (concerns(stream)) this.write(stream, frame);
  }

  private beat(): void {
    const now = Date.now();
    for (const stream of this.open) {
      if (stream.expiresAt <= now) stream.response.end();
      else this.write(stream, ': beat\n\n');
    }
  }

  private write({ response }: Stream, text: string): void {
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
    else response.write(text);
  }

  /** Ends the streams of those who may not listen any more. */
  private async dismiss(concerns: (stream: Stream) => boolean): Promise<void> {
    await this.callers.settled();
    for (const stream of [...this.open].filter(concerns)) {
      const may = await this.callers.mayListen(stream.caller).catch(() => true);
      if (!may) stream.response.end();
    }
  }

  // Every process has the peppers, so every process knows the others' tickets.
  private get ticketKey(): Buffer {
    const { peppers } = this.ring;
    const pepper = peppers.get(peppers.newest);
    if (pepper === undefined) throw new Error('the newest pepper is missing');
    if (this.key?.of !== pepper) {
      const derived = Buffer.from(hkdfSync('sha256', pepper, '', 'bastionary flag stream ticket', 32));
      this.key = { of: pepper, derived };
      this.offers.clear();
    }
    return this.key.derived;
  }
}
