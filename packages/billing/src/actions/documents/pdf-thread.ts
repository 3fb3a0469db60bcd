import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { documentPdf } from '../../rules/documents/pdf/document-pdf.js';

// Drawing takes the better part of a second of one core: on a thread of its own, so that nobody waits for a token meanwhile.
const require = createRequire(import.meta.url);
const fonts = {
  regular: readFileSync(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf')),
  bold: readFileSync(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf')),
};

parentPort?.on('message', async ({ id, document }: { id: number; document: string }) => {
  try {
    parentPort?.postMessage({ id, bytes: await documentPdf(JSON.parse(document), fonts) });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});
