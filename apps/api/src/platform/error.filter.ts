import type { Refusal } from '@bastionary/oauth/rules/failure';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import type { AppError } from '@bastionary/platform/app-error';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allowedMethods } from './allowed-methods.js';
import { isOAuthPath } from './body-parsers.js';
import { toAppError } from './error-translation.js';
import { FailureLog } from './failure-log.js';
import { isMachinePath, MachineFault, writeMachineError } from './machine-answer.js';
import { Metrics } from './metrics.js';
import { type OAuthErrorAnswer, oauthErrorAnswer } from './oauth-answer.js';
import { writeProblem } from './problem-answer.js';
import { CONFIG, type Config, LOGGER, type Logger } from './providers.js';

/** What the judgement of an error needs to know of its request. */
export type FailedRequest = Pick<FastifyRequest, 'id' | 'method' | 'url' | 'ip'>;

type Judged = Pick<Refusal, 'reasonCode' | 'reason'> & Partial<Pick<Refusal, 'clientId' | 'scope'>>;

/** The only way out for an error: RFC 6749 §5.2 at the OAuth2 endpoints, JSON:API at /v1, RFC 9457 everywhere else. */
@Catch()
@Injectable()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly failures: FailureLog,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) return;
    if (error instanceof MachineFault) {
      writeMachineError(reply, error);
      return;
    }
    const known = this.note(error, request);
    if (!(known instanceof OAuthFault) && known.code === 'method_not_allowed') {
      reply.header('allow', allowedMethods(request).join(', '));
    }
    if (known instanceof OAuthFault || isOAuthPath(request.url)) {
      const { status, headers, body } = oauthErrorAnswer(known, this.config.ISSUER_URL);
      reply.status(status).headers(headers).send(body);
    } else if (isMachinePath(request.url)) {
      writeMachineError(reply, known);
    } else {
      writeProblem(reply, known, request);
    }
  }

  /** The answer to an error at an OAuth2 endpoint, for whoever writes it. */
  oauthAnswer(error: unknown, request: FailedRequest): OAuthErrorAnswer {
    return oauthErrorAnswer(this.note(error, request), this.config.ISSUER_URL);
  }

  // Says in the log, and to the owner of the client, what the answer will not.
  private note(error: unknown, request: FailedRequest): OAuthFault | AppError {
    if (error instanceof OAuthFault) {
      this.metrics.oauthFaults.inc({ error: error.error });
      const { error: told, reason, clientId } = error;
      const { id, ip } = request;
      // What a limit refuses again and again is counted: a line for each would make an overload worse.
      if (error.isRepeat) return error;
      this.logger.info({ request_id: id, address: ip, client_id: clientId, error: told, reason }, 'refused');
      this.keep(request, error.error, error);
      return error;
    }
    const known = toAppError(error, request);
    if (isOAuthPath(request.url) && known.code !== 'not_found') {
      const told = oauthErrorAnswer(known, this.config.ISSUER_URL).body.error;
      this.keep(request, told, { reasonCode: known.code, reason: known.message });
    }
    if (known.code === 'internal') this.logger.error({ request_id: request.id, err: error }, 'failed');
    if (known.code === 'unavailable') this.logger.warn({ request_id: request.id, err: error }, 'a dependency is away');
    return known;
  }

  private keep({ id, url, ip }: FailedRequest, error: string, { reasonCode, reason, clientId, scope }: Judged): void {
    const [endpoint = ''] = url.split('?', 1);
    const at = Date.now();
    this.failures.add({ traceId: id, at, endpoint, clientId, scope, error, reasonCode, reason, address: ip });
  }
}
