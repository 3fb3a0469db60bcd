import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

/** One request that arrived, whatever was answered. */
export interface Received {
  /** `webhook-id` */
  readonly id: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  readonly data: any;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Byte for byte, to be verified. */
  readonly body: string;
  readonly at: number;
  /** Whether the answer was 2xx. */
  readonly accepted: boolean;
}

/** Answered after `afterMs`; 'hang' never answers. */
type Reply = number | 'hang' | { status: number; headers?: Record<string, string>; body?: string; afterMs?: number };

/** A receiver of webhooks that behaves as a test wants. */
export class WebhookSink {
  readonly received: Received[] = [];
  /** How many requests were under way at once, at most. */
  mostAtOnce = 0;
  /** What the next requests get. */
  reply: (request: { id: string; type: string; path: string }) => Reply = () => 200;
  private underWay = 0;
  private server: Server | undefined;

  private constructor(readonly port: number) {}

  /** `http://127.0.0.1:…`: needs WEBHOOK_ALLOW_PRIVATE=127.0.0.1. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  static async open(): Promise<WebhookSink> {
    const sink = new WebhookSink(await freePort());
    await sink.start();
    return sink;
  }

  /** Listens, after `kill` again at the same address. */
  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      const { type, data } = JSON.parse(body || '{}');
      const [id, path] = [String(request.headers['webhook-id']), request.url ?? ''];
      const reply = this.reply({ id, type, path });
      const { status, headers, body: text, afterMs } = typeof reply === 'object' ? reply : replyOf(reply);
      const accepted = status >= 200 && status < 300;
      this.received.push({ id, type, data, path, headers: request.headers, body, at: Date.now(), accepted });
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.underWay);
      response.once('close', () => {
        this.underWay--;
      });
      if (reply === 'hang') return;
      if (afterMs !== undefined) await sleep(afterMs);
      response.writeHead(status, headers).end(text);
    });
    this.server = server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
  }

  /** Breaks every connection and refuses new ones. */
  async kill(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  /** The events accepted at a path (default: any), each once, in the order of their first acceptance. */
  accepted(path?: string): Received[] {
    const seen = new Set<string>();
    const here = this.received.filter((one) => one.accepted && (path === undefined || one.path === path));
    return here.filter(({ id }) => !seen.has(id) && seen.add(id));
  }
}

const replyOf = (reply: number | 'hang') => ({
  status: reply === 'hang' ? 0 : reply,
  headers: undefined,
  body: undefined,
  afterMs: undefined,
});
