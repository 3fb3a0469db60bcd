import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ValidateKeyBody, validateKeyBody } from '@bastionary/contracts/machine-face';
import type { LicenseKeyRing } from './modules/licensing/license-key-ring.js';
import type { KeyGuesses } from './modules/licensing/machine-face/key-guesses.js';
import type { KeyHeartbeats } from './modules/licensing/machine-face/key-heartbeats.js';
import type { KeyValidations } from './modules/licensing/machine-face/key-validations.js';
import { LICENSE_KEY } from './modules/licensing/machine-face/machine.strategy.js';
import { signedHeaders } from './modules/licensing/machine-face/sign-answers.js';
import { validationDocument } from './modules/licensing/machine-face/validation-document.js';
import type { RequestLimits } from './platform/limits/request-limits.js';
import { JSON_API } from './platform/machine-answer.js';
import { hasRepeatedName } from './platform/repeated-names.js';
import { commonHeaders, requestId } from './platform/request-hooks.js';
import type { RequestNotes } from './platform/request-notes.js';

/** What the lane needs of the application, once that is built. */
export interface MachineLaneParts {
  readonly issuer: string;
  readonly ring: LicenseKeyRing;
  readonly validations: KeyValidations;
  readonly heartbeats: KeyHeartbeats;
  readonly guesses: KeyGuesses;
  readonly requests: RequestLimits;
  readonly notes: RequestNotes;
}

/** A request of the lane: the pattern of its route, the account it names, and the machine of a heartbeat. */
interface Wish {
  readonly route: string;
  readonly account: string | undefined;
  readonly machine: string | undefined;
}

const VALIDATE_KEY = '/licenses/actions/validate-key';
const PATH =
  /^\/v1(?:\/accounts\/([\w-]{1,64}))?(?:\/licenses\/actions\/validate-key|\/machines\/([\w.~:-]{1,256})\/actions\/(ping|ping-heartbeat))$/;
const JSON_TYPE = /^application\/(vnd\.api\+)?json$/i;
const BODY_BYTES = 16_384;
/** What JSON may hide, or spell in two ways, is left to the ordinary way. */
const UNUSUAL = /\\|__proto__|constructor/;

/**
 * The short way for the two requests that programs with a licence send all the time, straight on the server: validation by
 * key, and heartbeats. It answers plain requests where all is well, byte for byte as the ordinary way does
 * (test/licensing/machine-lane.test.ts); everything else, refusals too, takes that way, as if it had never been here.
 */
export class MachineLane {
  private parts: MachineLaneParts | undefined;
  private headers: Record<string, string> = {};

  /**
   * @param addressOf the client's address, as the ordinary way sees it
   * @param trustsProxies whether others may say what the host was
   */
  constructor(
    private readonly addressOf: (request: IncomingMessage) => string,
    private readonly trustsProxies: boolean,
  ) {}

  open(parts: MachineLaneParts): void {
    const type = `${JSON_API}; charset=utf-8`;
    this.headers = { ...commonHeaders(parts.issuer), 'content-type': type, 'cache-control': 'no-store' };
    this.parts = parts;
  }

  before(ordinary: RequestListener): RequestListener {
    return (request, response) => {
      const wish = this.wishOf(request);
      if (wish === undefined || this.parts === undefined) ordinary(request, response);
      else void this.take(wish, this.parts, request, response, () => ordinary(request, response));
    };
  }

  private wishOf({ method, url = '', headers }: IncomingMessage): Wish | undefined {
    if (method !== 'POST' || !url.startsWith('/v1/')) return undefined;
    const [found, account, machine, action] = PATH.exec(url) ?? [];
    const length = Number(headers['content-length'] ?? 0);
    const isPlain =
      headers.expect === undefined &&
      headers['content-encoding'] === undefined &&
      headers['transfer-encoding'] === undefined &&
      (length === 0 || JSON_TYPE.test(headers['content-type'] ?? '')) &&
      !(this.trustsProxies && headers['x-forwarded-host'] !== undefined);
    if (found === undefined || !isPlain || !(length <= BODY_BYTES) || headers.host === undefined) return undefined;
    const prefix = account === undefined ? '/v1' : '/v1/accounts/:account';
    const rest = machine === undefined ? VALIDATE_KEY : `/machines/:machine/actions/${action}`;
    return { route: prefix + rest, account, machine };
  }

  private async take(
    wish: Wish,
    parts: MachineLaneParts,
    request: IncomingMessage,
    response: ServerResponse,
    goOrdinary: () => void,
  ): Promise<void> {
    const began = performance.now();
    const address = this.addressOf(request);
    let document: object | null = null;
    let signature: Record<string, string> = {};
    let text = '';
    try {
      // Whoever is refused here is refused there, and told why.
      await parts.requests.admitVisitor(address, false);
      parts.requests.admitted.add(request);
      document = await answer(wish, parts, request, await bodyOf(request), address);
      if (document !== null) {
        text = JSON.stringify(document);
        const { method = '', url: target = '', headers } = request;
        const exchange = { method, target, host: headers.host ?? '', body: text };
        signature = await signedHeaders(parts.ring, exchange, headers['keygen-accept-signature']);
      }
    } catch {
      document = null;
    }
    if (request.destroyed && !request.complete) return;
    if (document === null) return goOrdinary();
    // What was read was put back.
    request.resume();
    const id = requestId(request);
    const length = Buffer.byteLength(text);
    response.writeHead(200, { ...this.headers, ...signature, 'x-request-id': id, 'content-length': length });
    response.end(text);
    const milliseconds = performance.now() - began;
    parts.notes.finished({ id, method: 'POST', route: wish.route, status: 200, milliseconds, address });
  }
}

/** Null: the ordinary way knows what to say. */
async function answer(
  { account, machine }: Wish,
  { ring, validations, heartbeats, guesses }: MachineLaneParts,
  { headers }: IncomingMessage,
  body: string,
  address: string,
): Promise<object | null> {
  const place = { account: ring.current.account };
  if (account !== undefined && account !== place.account) return null;
  if (UNUSUAL.test(body)) return null;
  const parsed: unknown = body === '' ? {} : JSON.parse(body);
  if (hasRepeatedName(body)) return null;
  if (machine === undefined) {
    const { meta }: ValidateKeyBody = validateKeyBody.parse(parsed);
    guesses.check(meta.key, address);
    const validated = await validations.validate(meta.key, meta.scope ?? {}, place);
    return validated && validationDocument(validated, meta, headers);
  }
  const key = LICENSE_KEY.exec(headers.authorization ?? '')?.[1];
  if (key === undefined) return null;
  guesses.check(key, address);
  const data = await heartbeats.beat(key, machine, place);
  return data && { data };
}

/** The whole body, and puts it back: nobody can tell that it was read. */
function bodyOf(request: IncomingMessage): Promise<string> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length === 0) return Promise.resolve('');
  return new Promise((resolve, reject) => {
    const read = () => {
      const bytes: Buffer | null = request.read(length);
      if (bytes === null) return;
      request.off('readable', read).off('close', gone);
      request.unshift(bytes);
      resolve(bytes.toString());
    };
    const gone = () => reject(new Error('the client has gone'));
    request.on('readable', read).on('close', gone);
  });
}
