import { isForCustomers } from '@bastionary/contracts/permissions';
import { noSuchCustomer } from '@bastionary/entitlements/actions/facts';
import { AppError } from '@bastionary/platform/app-error';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type Access, CUSTOMERS, type CustomerBinding, type IsDangerous, STEP_UP } from './access.js';
import { InsufficientScope } from './bearer-error.js';
import { CustomerCalls } from './customer-calls.js';
import { RequestLimits } from './limits/request-limits.js';
import { MachineFault } from './machine-answer.js';
import { actorOf, type Pending, type Principal, principalOf } from './principal.js';
import { CONFIG, type Config } from './providers.js';
import { enterCustomer } from './request-customer.js';

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

class MachineAuthentication extends AuthGuard(['machine', 'bearer']) {
  override handleRequest<User>(error: unknown, user: User | false): User {
    if (error) throw error;
    if (!user) {
      const told = 'Send Authorization: License with the key, or Bearer with a token of the licence.';
      throw new MachineFault(401, 'TOKEN_MISSING', told);
    }
    return user;
  }
}

/** The one guard of every route: denies what no decorator allows. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly management = new ManagementAuthentication();
  private readonly session = new SessionAuthentication();
  private readonly client = new ClientAuthentication();
  private readonly machine = new MachineAuthentication();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reflector: Reflector,
    private readonly requests: RequestLimits,
    private readonly calls: CustomerCalls,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (access === undefined)
      throw new AppError('insufficient_scope', 'Nobody may call this route: it declares no access.');
    if (access.kind === 'public') return true;
    if (access.kind === 'client') return this.client.canActivate(context) as Promise<boolean>;

    if (access.kind === 'machine') {
      await this.machine.canActivate(context);
      checkManagesLicenses(principalOf(context.switchToHttp().getRequest<FastifyRequest>()));
      return true;
    }

    await (access.kind === 'session' ? this.session : this.management).canActivate(context);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const principal = principalOf(request);
    const sendsUsage = access.kind === 'management' && access.permission === 'usage:write';
    await this.requests.admitCaller(actorOf(principal), sendsUsage);
    if (principal.kind === 'operator') checkPending(principal.session.pending, access);
    if (access.kind === 'management' && !principal.permissions.has(access.permission)) {
      throw new InsufficientScope(access.permission);
    }
    if (principal.kind === 'client' && principal.customerId !== null) {
      const { clientId, customerId } = principal;
      const boundBy = this.reflector.get<CustomerBinding | undefined>(CUSTOMERS, context.getHandler());
      const permission = keepToCustomer(customerId, access, boundBy, request);
      this.calls.add(customerId, clientId, permission, Date.now());
    }
    const isDangerous = this.reflector.get<IsDangerous | undefined>(STEP_UP, context.getHandler());
    if (isDangerous?.((request.body ?? {}) as Record<string, unknown>)) this.checkFreshProof(principal);
    return true;
  }

  private checkFreshProof(principal: Principal): void {
    if (principal.kind !== 'operator') return;
    const { STEP_UP_SECONDS } = this.config;
    if (Date.now() < principal.session.provenAt.getTime() + STEP_UP_SECONDS * 1_000) return;
    throw new AppError(
      'step_up_required',
      'This takes a fresh proof that it is you: POST /api/session/step-up, then send the request again.',
    );
  }
}

// At the machine-facing protocol a client acts for every licence, so it must be the installation's own.
function checkManagesLicenses(principal: Principal): void {
  if (principal.kind === 'license') return;
  if (principal.kind === 'client' && principal.customerId === null && principal.permissions.has('licenses:write'))
    return;
  throw new InsufficientScope('licenses:write');
}

/** @returns the permission by which the request is let in */
function keepToCustomer(
  customerId: string,
  access: Access,
  boundBy: CustomerBinding | undefined,
  request: FastifyRequest,
): string {
  // Also for a token from before its client came to belong to a customer, or with a scope that no such client may hold.
  if (boundBy === undefined || access.kind !== 'management' || !isForCustomers(access.permission)) {
    throw new AppError('insufficient_scope', 'This is not open to clients of customers.');
  }
  const named = (boundBy === 'path' ? request.params : boundBy === 'body' ? request.body : null) as Named | null;
  const other = named?.customer_id;
  // Anything but a text is left to the schema, which takes nothing else.
  if (typeof other === 'string' && other !== customerId) throw noSuchCustomer(other);
  enterCustomer(customerId);
  return access.permission;
}

type Named = { readonly customer_id?: unknown };

const TOLD = {
  verify: ['second_factor_required', 'Show your second factor first: POST /api/session/verify.'],
  set_password: ['insufficient_scope', 'Set a password first: POST /api/session/password.'],
  enrol: ['second_factor_required', 'Your role needs a second factor. Enrol one first: POST /api/session/totp.'],
} as const satisfies Record<Pending, readonly [string, string]>;

function checkPending(pending: Pending | null, access: Access): void {
  if (pending === null || (access.kind === 'session' && access.during.includes(pending))) return;
  const [code, told] = TOLD[pending];
  throw new AppError(code, told);
}
