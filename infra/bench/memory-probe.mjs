// @ts-check
import { createServer } from 'node:http';
import { isMainThread } from 'node:worker_threads';

// Loaded into the process under measurement (node --import): tells its memory after a garbage collection.
if (isMainThread) {
  const server = createServer((_request, response) => {
    globalThis.gc?.();
    response.end(JSON.stringify(process.memoryUsage()));
  });
  server.listen(Number(process.env.MEMORY_PROBE_PORT), '127.0.0.1');
  server.unref();
}
