import { type LicenseKeys, signerFor } from '@bastionary/licensing/actions/signing-keys';
import { KEY_FOR } from '@bastionary/licensing/rules/formats/algorithms';
import {
  acceptedAlgorithm,
  type Exchange,
  signatureHeaders,
} from '@bastionary/licensing/rules/formats/response-signature';
import type { FastifyInstance } from 'fastify';
import { isMachinePath } from '../../../platform/machine-answer.js';
import type { LicenseKeyRing } from '../license-key-ring.js';

const UNSIGNED = 500;
const TOO_MANY_REQUESTS = 429;

/**
 * Signs every answer of the machine-facing protocol, those without a body and refusals too: only what a limit or a failure
 * of ours answers goes unsigned. The last thing that is done to an answer, since it covers its exact bytes.
 */
export function registerAnswerSigning(fastify: FastifyInstance, ring: LicenseKeyRing): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    const { statusCode } = reply;
    if (!isMachinePath(request.url) || statusCode >= UNSIGNED || statusCode === TOO_MANY_REQUESTS) return payload;
    const body = typeof payload === 'string' || payload instanceof Uint8Array ? payload : '';
    const { method, originalUrl: target } = request;
    // The host as the client wrote it, port included; behind a trusted proxy that is what the proxy says it was.
    const exchange = { method, target, host: request.host, body };
    reply.headers(await signedHeaders(ring, exchange, request.headers['keygen-accept-signature']));
    return payload;
  });
}

/** The headers that sign an answer, by the algorithm that the request wants. No promise if that has a key already. */
export function signedHeaders(
  ring: LicenseKeyRing,
  exchange: Exchange,
  wanted: string | string[] | undefined,
): Record<string, string> | Promise<Record<string, string>> {
  const algorithm = acceptedAlgorithm(Array.isArray(wanted) ? wanted[0] : wanted) ?? 'ed25519';
  const needed = KEY_FOR[algorithm];
  const by = (keys: LicenseKeys) =>
    signatureHeaders(exchange, new Date().toUTCString(), {
      account: keys.account,
      algorithm,
      ...signerFor(keys, needed),
    });
  return ring.current.signers.has(needed) ? by(ring.current) : ring.with(needed).then(by);
}
