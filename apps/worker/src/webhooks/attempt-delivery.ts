import type { IncomingMessage } from 'node:http';
import type { Config } from '@bastionary/platform/config';
import { namedAddresses, reachableAddresses } from '@bastionary/platform/reachable-addresses';
import { FetchFault, type FetchMeans, safeFetch } from '@bastionary/platform/safe-fetch';
import type { Claim } from '@bastionary/webhooks/actions/claim-deliveries';
import { eventBody, signatureHeaders } from '@bastionary/webhooks/rules/signed-event';

export interface Answer {
  readonly at: Date;
  readonly durationMs: number;
  readonly status: number | null;
  readonly body: Buffer | null;
  /** Why there was no answer. */
  readonly fault: string | null;
}

/** What deliveries may reach, and how long they may take. */
export const deliveryMeans = (config: Config): FetchMeans => ({
  timeoutMs: config.WEBHOOK_TIMEOUT_MS,
  isReachable: reachableAddresses(config.WEBHOOK_ALLOW_PRIVATE),
  isReachableUnencrypted: namedAddresses(config.WEBHOOK_ALLOW_PRIVATE),
  allowedBy: 'WEBHOOK_ALLOW_PRIVATE',
});

/** One attempt. Never rejects. @param answerBytes how much of the answer is read; the rest is not waited for */
export async function attemptDelivery(
  { url, event }: Claim,
  secrets: readonly string[],
  means: FetchMeans,
  answerBytes: number,
): Promise<Answer> {
  const at = new Date();
  const begun = performance.now();
  const body = eventBody(event);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Bastionary-Webhooks/1',
    ...signatureHeaders(event.id, at, body, secrets),
  };
  const durationMs = () => Math.round(performance.now() - begun);
  try {
    const answer = await safeFetch(url, { method: 'POST', headers, body }, means, async (response) => ({
      status: response.statusCode ?? 0,
      body: await beginningOf(response, answerBytes),
    }));
    return { at, durationMs: durationMs(), ...answer, fault: null };
  } catch (error) {
    const fault = error instanceof FetchFault ? error.message : 'something failed on our side';
    return { at, durationMs: durationMs(), status: null, body: null, fault };
  }
}

async function beginningOf(response: IncomingMessage, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}
