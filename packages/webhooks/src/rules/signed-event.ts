import { createHmac } from 'node:crypto';

export const SECRET_PREFIX = 'whsec_';

export interface EventFacts {
  readonly id: string;
  readonly type: string;
  /** RFC 3339 UTC */
  readonly timestamp: string;
  /** Canonical JSON */
  readonly data: string;
}

/** The body of a delivery: canonical JSON (RFC 8785), so the same bytes at every attempt. */
export const eventBody = ({ id, type, timestamp, data }: EventFacts): string =>
  `{"data":${data},"id":${JSON.stringify(id)},"timestamp":${JSON.stringify(timestamp)},"type":${JSON.stringify(type)}}`;

/**
 * The header fields of a delivery by Standard Webhooks: HMAC-SHA-256 over `id.timestamp.body`, once per secret that is alive.
 * @param secrets `whsec_` and base64
 * @param at of the attempt
 */
export function signatureHeaders(
  id: string,
  at: Date,
  body: string,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
