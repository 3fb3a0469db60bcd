import {
  redeemLinkRequest,
  type Session,
  type SetPasswordRequest,
  type SignInRequest,
  session,
  setPasswordRequest,
  signInRequest,
} from '@bastionary/contracts/operators';
import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, SignedIn } from '../../platform/access.js';
import { CONFIG, type Config } from '../../platform/providers.js';
import { checkSameOrigin } from '../../platform/same-origin.js';
import { SessionService } from './session.service.js';
import { answerSession, clearSessionCookie } from './session-cookie.js';

@ApiTags('session')
@Controller('api/session')
export class SessionController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sessions: SessionService,
  ) {}

  @Post()
  @HttpCode(200)
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Sign in to the console. With a second factor, POST /api/session/verify comes next' })
  @ApiOkResponse({ standardSchema: session })
  async signIn(
    @Body({ schema: signInRequest }) body: SignInRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    checkSameOrigin(request, this.config.ISSUER_URL);
    return answerSession(await this.sessions.signIn(body, request), reply, this.config.ISSUER_URL);
  }

  @Post('link')
  @HttpCode(200)
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Sign in by a one-time link; a password must be set next' })
  @ApiOkResponse({ standardSchema: session })
  async redeem(
    @Body({ schema: redeemLinkRequest }) body: { token: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    checkSameOrigin(request, this.config.ISSUER_URL);
    return answerSession(await this.sessions.redeemLink(body.token, request), reply, this.config.ISSUER_URL);
  }

  @Post('password')
  @HttpCode(200)
  @SignedIn('set_password')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Set e-mail, name and password after a one-time link; ends every other session' })
  @ApiOkResponse({ standardSchema: session })
  async setPassword(
    @Body({ schema: setPasswordRequest }) body: SetPasswordRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return answerSession(await this.sessions.setPassword(body, request), reply, this.config.ISSUER_URL);
  }

  @Get()
  @SignedIn('verify', 'set_password', 'enrol')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Who is signed in' })
  @ApiOkResponse({ standardSchema: session })
  read(@Req() request: FastifyRequest): Promise<Session> {
    return this.sessions.current(request);
  }

  @Delete()
  @HttpCode(204)
  @SignedIn('verify', 'set_password', 'enrol')
  @ApiOperation({ summary: 'Sign out' })
  @ApiNoContentResponse()
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.sessions.signOut(request);
    clearSessionCookie(reply, this.config.ISSUER_URL);
  }
}
