import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allowedMethods } from './allowed-methods.js';
import { isOAuthPath } from './body-parsers.js';
import { toAppError } from './error-translation.js';
import { Metrics } from './metrics.js';
import { writeOAuthError } from './oauth-answer.js';
import { writeProblem } from './problem-answer.js';
import { CONFIG, type Config, LOGGER, type Logger } from './providers.js';

/** The only way out for an error: RFC 6749 §5.2 at the OAuth2 endpoints, RFC 9457 everywhere else. */
@Catch()
@Injectable()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    this.answer(
      error,
      host.switchToHttp().getRequest<FastifyRequest>(),
      host.switchToHttp().getResponse<FastifyReply>(),
    );
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.sent || reply.raw.headersSent) return;

    if (error instanceof OAuthFault) {
      this.metrics.oauthFaults.inc({ error: error.error });
      this.logger.info(
        { request_id: request.id, address: request.ip, error: error.error, reason: error.reason },
        'refused',
      );
      writeOAuthError(reply, error, this.config.ISSUER_URL);
      return;
    }
    const known = toAppError(error, request);
    if (known.code === 'method_not_allowed') reply.header('allow', allowedMethods(request).join(', '));
    if (known.code === 'internal') this.logger.error({ request_id: request.id, err: error }, 'failed');
    if (known.code === 'unavailable') this.logger.warn({ request_id: request.id, err: error }, 'a dependency is away');
    if (isOAuthPath(request.url)) writeOAuthError(reply, known, this.config.ISSUER_URL);
    else writeProblem(reply, known, request);
  }
}
