import { type Session, session } from '@bastionary/contracts/operators';
import {
  type PasskeyAssertion,
  passkeyOptions,
  passkeySignInRequest,
  type StepUpRequest,
  stepUpRequest,
  type VerifyRequest,
  verifyRequest,
} from '@bastionary/contracts/proofs';
import { AppError } from '@bastionary/platform/app-error';
import { Body, Controller, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, SignedIn } from '../../platform/access.js';
import { operatorOf } from '../../platform/principal.js';
import { CONFIG, type Config } from '../../platform/providers.js';
import { checkSameOrigin } from '../../platform/same-origin.js';
import { Passkeys } from './passkeys.js';
import { Proofs } from './proofs.js';
import { SessionService } from './session.service.js';
import { answerSession } from './session-cookie.js';

@ApiTags('session')
@Controller('api/session')
export class VerificationController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sessions: SessionService,
    private readonly proofs: Proofs,
    private readonly passkeys: Passkeys,
  ) {}

  @Post('verify')
  @HttpCode(200)
  @SignedIn('verify')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Show the second factor of a sign-in: a code, a passkey or a recovery code' })
  @ApiOkResponse({ standardSchema: session })
  async verify(
    @Body({ schema: verifyRequest }) body: VerifyRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    if (operatorOf(request).session.pending !== 'verify') {
      throw new AppError('insufficient_scope', 'This session is verified already.');
    }
    return answerSession(await this.proofs.prove(request, body, 'verified'), reply, this.config.ISSUER_URL);
  }

  @Post('step-up')
  @HttpCode(200)
  @SignedIn('enrol')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Prove to be there, for dangerous acts: a password, a code or a passkey' })
  @ApiOkResponse({ standardSchema: session })
  async stepUp(
    @Body({ schema: stepUpRequest }) body: StepUpRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return answerSession(await this.proofs.prove(request, body, 'stepped_up'), reply, this.config.ISSUER_URL);
  }

  @Post('passkey-challenge')
  @HttpCode(200)
  @SignedIn('verify', 'enrol')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'What a passkey of yours is to sign, for verify or step-up. Good for five minutes, once' })
  @ApiOkResponse({ standardSchema: passkeyOptions })
  async challenge(@Req() request: FastifyRequest) {
    const { operatorId, session: own } = operatorOf(request);
    return this.passkeys.askToProve({ purpose: 'prove', operatorId, sessionId: own.id }, new Date());
  }

  @Post('passkey-sign-in/challenge')
  @HttpCode(200)
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'What a passkey is to sign, for signing in without a password. Good for five minutes, once',
  })
  @ApiOkResponse({ standardSchema: passkeyOptions })
  async signInChallenge(@Req() request: FastifyRequest) {
    checkSameOrigin(request, this.config.ISSUER_URL);
    return this.passkeys.askToProve(null, new Date());
  }

  @Post('passkey-sign-in')
  @HttpCode(200)
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Sign in with a passkey alone' })
  @ApiOkResponse({ standardSchema: session })
  async signIn(
    @Body({ schema: passkeySignInRequest }) { passkey }: { passkey: PasskeyAssertion },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    checkSameOrigin(request, this.config.ISSUER_URL);
    return answerSession(await this.sessions.signInByPasskey(passkey, request), reply, this.config.ISSUER_URL);
  }
}
