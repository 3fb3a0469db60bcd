import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Config } from '@bastionary/platform/config';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { AuthenticateClient } from './modules/auth/authenticate-client.js';
import { formOf } from './modules/auth/form-of.js';
import { IntrospectionController } from './modules/auth/introspection.controller.js';
import { TokenController } from './modules/auth/token.controller.js';
import { registerBodyParsers } from './platform/body-parsers.js';
import { ErrorFilter } from './platform/error.filter.js';
import { requestId } from './platform/request-hooks.js';

/** What the lane needs of the application, once that is built. */
export interface Door {
  readonly doorman: AuthenticateClient;
  readonly token: TokenController;
  readonly introspection: IntrospectionController;
  readonly errors: ErrorFilter;
  onFastify(fastify: FastifyInstance): void;
}

/**
 * A second Fastify instance on the same server for the two endpoints that machines call thousands of times a second.
 * It runs the same doorman, the same controller methods and the same error filter, without Nest's and passport's work
 * around them, which was half the time of such a request (figures: infra/README.md). Take it away and nothing changes
 * but the speed: a request that differs in the least, by a query for instance, goes the ordinary way.
 */
export class ExpressLane {
  private readonly fastify: FastifyInstance;

  constructor(config: Config) {
    this.fastify = Fastify({ genReqId: requestId, trustProxy: config.TRUSTED_PROXIES ?? false });
    this.fastify.decorateRequest('user', undefined).decorateRequest('form', undefined);
    registerBodyParsers(this.fastify, config.BODY_LIMIT_BYTES);
  }

  /** The server of both instances. */
  readonly serverFactory = (handler: RequestListener, options: ServerOptions): Server =>
    createServer(options, (request, response) => {
      const isOurs =
        request.method === 'POST' && (request.url === '/oauth2/token' || request.url === '/oauth2/introspect');
      if (isOurs) this.fastify.routing(request, response);
      else handler(request, response);
    });

  async open({ doorman, token, introspection, errors, onFastify }: Door): Promise<void> {
    const { fastify } = this;
    onFastify(fastify);
    fastify.setErrorHandler((error, request, reply) => errors.answer(error, request, reply));
    const serve = (path: string, answer: (request: FastifyRequest) => Promise<unknown>) => {
      fastify.post(path, async (request, reply) => {
        request.user = await doorman.authenticate(request.headers.authorization, formOf(request), request.ip);
        return send(reply, await answer(request));
      });
    };
    serve('/oauth2/token', (request) => token.token(request));
    serve('/oauth2/introspect', (request) => introspection.introspect(request));
    await fastify.ready();
  }
}

const send = (reply: FastifyReply, body: unknown): FastifyReply =>
  reply
    .headers({ 'cache-control': 'no-store', pragma: 'no-cache', 'content-type': 'application/json; charset=utf-8' })
    .send(JSON.stringify(body));
