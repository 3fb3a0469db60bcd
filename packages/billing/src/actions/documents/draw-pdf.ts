import { Worker } from 'node:worker_threads';

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}
type Drawn = { readonly id: number } & ({ readonly bytes: Uint8Array } | { readonly error: string });

let thread: Worker | undefined;
let last = 0;
const waiting = new Map<number, Waiting>();

/**
 * Draws a document on the one thread of this process that does so, one after the other.
 * @param document canonical JSON, as it is kept
 * @throws Error if it cannot be drawn
 */
export function drawPdf(document: string): Promise<Uint8Array> {
  thread ??= start();
  const id = ++last;
  const drawn = new Promise<Uint8Array>((resolve, reject) => waiting.set(id, { resolve, reject }));
  thread.postMessage({ id, document });
  return drawn;
}

function start(): Worker {
  const fresh = new Worker(new URL('./pdf-thread.js', import.meta.url));
  // It must not keep a process alive that has nothing else to do.
  fresh.unref();
  fresh.on('message', (drawn: Drawn) => {
    const { resolve, reject } = waiting.get(drawn.id) as Waiting;
    waiting.delete(drawn.id);
    if ('bytes' in drawn) resolve(drawn.bytes);
    else reject(new Error(drawn.error));
  });
  fresh.on('error', (error) => {
    thread = undefined;
    for (const { reject } of waiting.values()) reject(error as Error);
    waiting.clear();
  });
  return fresh;
}
