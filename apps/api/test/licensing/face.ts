import { type IncomingHttpHeaders, request } from 'node:http';
import type { LicenseKeySet } from '@bastionary/contracts/license-keys';
import { verifyExchange } from '@bastionary/licensing/rules/formats/response-signature';
import { type TrustedKey, trustedKeys } from '@bastionary/licensing/rules/formats/trusted-keys';
import { json } from '@bastionary/testing/http';
import { expect } from '@jest/globals';

export interface FaceAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any;
}

export interface FaceRequest {
  method?: string;
  /** `License …` or `Bearer …` */
  authorization?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

const JSON_API = 'application/vnd.api+json';

/** A program that holds a licence: speaks the protocol over bytes of its own, and believes no answer whose signature is not good. */
export class Program {
  private constructor(
    private readonly url: URL,
    readonly account: string,
    private readonly keys: readonly TrustedKey[],
  ) {}

  static async at(url: string): Promise<Program> {
    const { body } = await json<LicenseKeySet>(`${url}/.well-known/license-keys.json`);
    return new Program(new URL(url), body.account, trustedKeys(body.keys));
  }

  /** Asks, and verifies the signature of the answer. */
  async ask(path: string, { method, authorization, body, headers = {} }: FaceRequest = {}): Promise<FaceAnswer> {
    const sent = body === undefined ? '' : JSON.stringify(body);
    const verb = method ?? (body === undefined ? 'GET' : 'POST');
    const host = this.url.host;
    const answer = await exchange(this.url, verb, path, sent, {
      host,
      accept: JSON_API,
      'keygen-version': '1.7',
      ...(body !== undefined && { 'content-type': JSON_API }),
      ...(authorization !== undefined && { authorization }),
      ...headers,
    });
    this.verify(verb, path, headers.host ?? host, answer);
    return answer;
  }

  verify(method: string, target: string, host: string, { headers, text }: FaceAnswer): void {
    const received = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    );
    const trusted = { account: this.account, keys: this.keys };
    const verified = verifyExchange({ method, target, host, body: text }, received, trusted, Date.now());
    expect({ method, target, verified: verified.ok || verified }).toEqual({ method, target, verified: true });
  }
}

/** Bytes out, bytes back. */
export function exchange(
  { hostname, port }: URL,
  method: string,
  path: string,
  body: string,
  headers: Record<string, string>,
): Promise<FaceAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sending = request({ hostname, port, method, path, headers: { ...headers, ...length } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /json/.test(answer.headers['content-type'] ?? '');
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          body: isJson && text !== '' ? JSON.parse(text) : null,
        });
      });
    });
    sending.on('error', reject);
    sending.setTimeout(20_000, () => sending.destroy(new Error('no answer')));
    sending.end(body);
  });
}
