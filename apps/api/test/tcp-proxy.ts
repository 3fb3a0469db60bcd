import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to the database that can be cut and mended, while the database itself goes on for everybody else. */
export interface TcpProxy {
  /** The same database by this way. */
  readonly databaseUrl: string;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /** Keeps every connection open and passes nothing on: a server that has stopped breathing. */
  freeze(): void;
  heal(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const drop = (pair: readonly [Socket, Socket]): void => {
    pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  };
  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near]] as const) {
      from.on('data', (bytes: Buffer) => state === 'open' && to.write(bytes));
      from.on('error', () => drop(pair));
      from.on('close', () => drop(pair));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  const dropAll = (): void => {
    for (const pair of pairs) drop(pair);
  };
  return {
    databaseUrl: url.href,
    cut() {
      state = 'cut';
      dropAll();
    },
    freeze() {
      state = 'frozen';
    },
    heal() {
      // What was swallowed would be missing from the streams: they start afresh.
      dropAll();
      state = 'open';
    },
    async close() {
      state = 'cut';
      dropAll();
      server.close();
      await once(server, 'close');
    },
  };
}
