import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppModule } from './app.module.js';
import { rememberRoutes } from './platform/allowed-methods.js';
import { registerBodyParsers } from './platform/body-parsers.js';
import { serveConsole } from './platform/console-files.js';
import { Metrics } from './platform/metrics.js';
import { nestLogger } from './platform/nest-logger.js';
import type { Resources } from './platform/providers.js';
import { registerRequestHooks, requestId } from './platform/request-hooks.js';

const CONSOLE_ROOT = fileURLToPath(new URL('../../console/dist', import.meta.url));

/** Builds the api without listening. */
export async function buildApp(resources: Resources): Promise<NestFastifyApplication> {
  const { config, logger } = resources;
  const adapter = new FastifyAdapter({
    genReqId: requestId,
    // Fastify's own default of 0 would leave a slow body open for ever.
    requestTimeout: config.REQUEST_TIMEOUT_MS,
    connectionTimeout: config.REQUEST_TIMEOUT_MS + 5_000,
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 0,
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
  fastify.server.headersTimeout = 10_000;
  fastify.server.maxConnections = config.MAX_CONNECTIONS;
  // Declared once, so that every request object has one shape.
  fastify.decorateRequest('user', undefined).decorateRequest('form', undefined);
  rememberRoutes(fastify);
  registerBodyParsers(fastify, config.BODY_LIMIT_BYTES);
  registerRequestHooks(fastify, { logger, metrics: app.get(Metrics), issuer: config.ISSUER_URL });
  await serveConsole(fastify, CONSOLE_ROOT);
  return app;
}
