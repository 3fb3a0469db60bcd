import { signerFor } from '@bastionary/licensing/actions/signing-keys';
import { KEY_FOR } from '@bastionary/licensing/rules/formats/algorithms';
import { acceptedAlgorithm, signatureHeaders } from '@bastionary/licensing/rules/formats/response-signature';
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
    const wanted = request.headers['keygen-accept-signature'];
    const algorithm = acceptedAlgorithm(Array.isArray(wanted) ? wanted[0] : wanted) ?? 'ed25519';
    const keys = await ring.with(KEY_FOR[algorithm]);
    const signing = { account: keys.account, algorithm, ...signerFor(keys, KEY_FOR[algorithm]) };
    const body = typeof payload === 'string' || payload instanceof Uint8Array ? payload : '';
    const { method, originalUrl: target } = request;
    // The host as the client wrote it, port included; behind a trusted proxy that is what the proxy says it was.
    const exchange = { method, target, host: request.host, body };
    reply.headers(signatureHeaders(exchange, new Date().toUTCString(), signing));
    return payload;
  });
}
