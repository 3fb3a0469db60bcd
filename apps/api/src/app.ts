import 'reflect-metadata';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Config } from '@bastionary/platform/config';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppModule } from './app.module.js';
import { ExpressLane, type LaneEndpoint } from './express-lane.js';
import { FlagLane } from './flag-lane.js';
import { MachineLane } from './machine-lane.js';
import { AuthenticateClient } from './modules/auth/authenticate-client.js';
import { IntrospectionController } from './modules/auth/introspection.controller.js';
import { TokenController } from './modules/auth/token.controller.js';
import { FlagDoor } from './modules/flags/serving/flag-door.js';
import { FlagStreams } from './modules/flags/serving/flag-streams.js';
import { LicenseKeyRing } from './modules/licensing/license-key-ring.js';
import { KeyGuesses } from './modules/licensing/machine-face/key-guesses.js';
import { KeyHeartbeats } from './modules/licensing/machine-face/key-heartbeats.js';
import { KeyValidations } from './modules/licensing/machine-face/key-validations.js';
import { registerAnswerSigning } from './modules/licensing/machine-face/sign-answers.js';
import { rememberRoutes } from './platform/allowed-methods.js';
import { registerBodyParsers } from './platform/body-parsers.js';
import { serveConsole } from './platform/console-files.js';
import { ErrorFilter } from './platform/error.filter.js';
import { RequestLimits } from './platform/limits/request-limits.js';
import { limitVisitors } from './platform/limits/visitors.js';
import { nestLogger } from './platform/nest-logger.js';
import type { Resources } from './platform/providers.js';
import { registerRequestHooks, requestId } from './platform/request-hooks.js';
import { RequestNotes } from './platform/request-notes.js';

const CONSOLE_ROOT = fileURLToPath(new URL('../../console/dist', import.meta.url));

/** Builds the api without listening. */
export async function buildApp(resources: Resources): Promise<NestFastifyApplication> {
  const { config, logger } = resources;
  const lane = new ExpressLane(config.TRUSTED_PROXIES);
  const machines = new MachineLane(lane.addressOf, config.TRUSTED_PROXIES !== undefined);
  const flags = new FlagLane(lane.addressOf);
  const adapter = new FastifyAdapter({
    serverFactory: ((ordinary: RequestListener, options: ServerOptions) =>
      lane.serverFactory(flags.before(machines.before(ordinary)), options)) as never,
    genReqId: requestId,
    bodyLimit: config.BODY_LIMIT_BYTES,
    trustProxy: config.TRUSTED_PROXIES ?? false,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
    exposeHeadRoutes: true,
    // There is no Express-style middleware here, so its engine need not run at every request.
    skipMiddie: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(resources), adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  limit(fastify.server, config);
  fastify.addHook('preClose', (done) => {
    lane.drain(fastify.server);
    app.get(FlagStreams, { strict: false }).closeAll();
    done();
  });
  // Declared once, so that every request object has one shape.
  fastify.decorateRequest('user', undefined).decorateRequest('form', undefined);
  rememberRoutes(fastify);
  registerBodyParsers(fastify, config);
  registerRequestHooks(fastify, app.get(RequestNotes), config.ISSUER_URL);
  limitVisitors(fastify, app.get(RequestLimits));
  registerAnswerSigning(fastify, app.get(LicenseKeyRing, { strict: false }));
  await serveConsole(fastify, CONSOLE_ROOT);
  lane.open({
    issuer: config.ISSUER_URL,
    endpoints: new Map<string, LaneEndpoint>([
      ['/oauth2/token', app.get(TokenController, { strict: false })],
      ['/oauth2/introspect', app.get(IntrospectionController, { strict: false })],
    ]),
    doorman: app.get(AuthenticateClient, { strict: false }),
    errors: app.get(ErrorFilter),
    notes: app.get(RequestNotes),
  });
  flags.open({
    issuer: config.ISSUER_URL,
    door: app.get(FlagDoor, { strict: false }),
    notes: app.get(RequestNotes),
    bodyBytes: config.FLAG_CONTEXT_BYTES,
  });
  machines.open({
    issuer: config.ISSUER_URL,
    ring: app.get(LicenseKeyRing, { strict: false }),
    validations: app.get(KeyValidations, { strict: false }),
    heartbeats: app.get(KeyHeartbeats, { strict: false }),
    guesses: app.get(KeyGuesses, { strict: false }),
    requests: app.get(RequestLimits),
    notes: app.get(RequestNotes),
  });
  return app;
}

// A request must arrive in bounded time, and nobody may hold more than a share of the connections: Node's own defaults
// are minutes, and none.
function limit(server: Server, config: Config): void {
  server.requestTimeout = config.REQUEST_TIMEOUT_MS;
  server.headersTimeout = Math.min(10_000, config.REQUEST_TIMEOUT_MS);
  server.setTimeout(config.REQUEST_TIMEOUT_MS + 5_000);
  server.keepAliveTimeout = 65_000;
  server.maxConnections = config.MAX_CONNECTIONS;
}
