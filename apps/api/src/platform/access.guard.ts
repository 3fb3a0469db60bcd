import { AppError } from '@bastionary/platform/app-error';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type Access } from './access.js';
import { InsufficientScope } from './bearer-error.js';
import { RequestLimits } from './limits/request-limits.js';
import { actorOf, principalOf } from './principal.js';

// Strategies throw what is to be said; passport's own generic answers are never used.
class ManagementAuthentication extends AuthGuard(['bearer', 'session']) {
  override handleRequest<User>(error: unknown, user: User | false): User {
    if (error) throw error;
    if (!user)
      throw new AppError(
        'unauthenticated',
        'Send an access token as Authorization: Bearer, or sign in to the console.',
      );
    return user;
  }
}

class SessionAuthentication extends AuthGuard('session') {
  override handleRequest<User>(error: unknown, user: User | false): User {
    if (error) throw error;
    if (!user) throw new AppError('unauthenticated', 'Sign in to the console first.');
    return user;
  }
}

class ClientAuthentication extends AuthGuard('client') {
  override handleRequest<User>(error: unknown, user: User): User {
    if (error) throw error;
    return user;
  }
}

/** The one guard of every route: denies what no decorator allows. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly management = new ManagementAuthentication();
  private readonly session = new SessionAuthentication();
  private readonly client = new ClientAuthentication();

  constructor(
    private readonly reflector: Reflector,
    private readonly requests: RequestLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (access === undefined)
      throw new AppError('insufficient_scope', 'Nobody may call this route: it declares no access.');
    if (access.kind === 'public') return true;
    if (access.kind === 'client') return this.client.canActivate(context) as Promise<boolean>;

    await (access.kind === 'session' ? this.session : this.management).canActivate(context);
    const principal = principalOf(context.switchToHttp().getRequest<FastifyRequest>());
    await this.requests.admitCaller(actorOf(principal));
    if (
      principal.kind === 'operator' &&
      principal.mustSetPassword &&
      !(access.kind === 'session' && access.beforePassword)
    ) {
      throw new AppError('insufficient_scope', 'Set a password first: POST /api/session/password.');
    }
    if (access.kind === 'management' && !principal.permissions.has(access.permission)) {
      throw new InsufficientScope(access.permission);
    }
    return true;
  }
}
