import {
  type AddedFactor,
  type AddPasskeyRequest,
  addedFactor,
  addPasskeyRequest,
  confirmTotpRequest,
  type Passkey,
  passkey,
  passkeyOptions,
  passkeyParams,
  type RecoveryCodes,
  recoveryCodes,
  renamePasskeyRequest,
  type SecondFactors,
  secondFactors,
  type TotpEnrolment,
  totpEnrolment,
} from '@bastionary/contracts/proofs';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { SignedIn, StepUp } from '../../platform/access.js';
import { OwnSecondFactors } from './second-factors.js';

type PasskeyParams = { passkey_id: string };

@ApiTags('session')
@Controller('api/session')
export class SecondFactorsController {
  constructor(private readonly factors: OwnSecondFactors) {}

  @Get('second-factors')
  @SignedIn('enrol')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Your authenticator app, passkeys and recovery codes' })
  @ApiOkResponse({ standardSchema: secondFactors })
  read(@Req() request: FastifyRequest): Promise<SecondFactors> {
    return this.factors.read(request);
  }

  @Post('totp')
  @HttpCode(200)
  @SignedIn('enrol')
  @StepUp()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Begin with an authenticator app: its secret. It counts once a code has confirmed it' })
  @ApiOkResponse({ standardSchema: totpEnrolment })
  beginTotp(@Req() request: FastifyRequest): Promise<TotpEnrolment> {
    return this.factors.beginTotp(request);
  }

  @Post('totp/confirm')
  @HttpCode(200)
  @SignedIn('enrol')
  @StepUp()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Confirm an authenticator app by a code; ends your other sessions' })
  @ApiOkResponse({ standardSchema: addedFactor })
  confirmTotp(
    @Body({ schema: confirmTotpRequest }) { code }: { code: string },
    @Req() request: FastifyRequest,
  ): Promise<AddedFactor> {
    return this.factors.confirmTotp(request, code);
  }

  @Delete('totp')
  @HttpCode(204)
  @SignedIn()
  @StepUp()
  @ApiOperation({ summary: 'Remove your authenticator app; ends your other sessions' })
  @ApiNoContentResponse()
  removeTotp(@Req() request: FastifyRequest): Promise<void> {
    return this.factors.removeTotp(request);
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @SignedIn()
  @StepUp()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Ten new recovery codes; earlier ones stop working' })
  @ApiOkResponse({ standardSchema: recoveryCodes })
  replaceRecoveryCodes(@Req() request: FastifyRequest): Promise<RecoveryCodes> {
    return this.factors.replaceRecoveryCodes(request);
  }

  @Post('passkey-registration')
  @HttpCode(200)
  @SignedIn('enrol')
  @StepUp()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Begin with a new passkey: what the browser is to make. Good for five minutes, once' })
  @ApiOkResponse({ standardSchema: passkeyOptions })
  askToRegister(@Req() request: FastifyRequest) {
    return this.factors.askToRegister(request);
  }

  @Post('passkeys')
  @SignedIn('enrol')
  @StepUp()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Add the passkey that the browser made; ends your other sessions' })
  @ApiCreatedResponse({ standardSchema: addedFactor })
  addPasskey(
    @Body({ schema: addPasskeyRequest }) body: AddPasskeyRequest,
    @Req() request: FastifyRequest,
  ): Promise<AddedFactor> {
    return this.factors.addPasskey(request, body);
  }

  @Patch('passkeys/:passkey_id')
  @SignedIn()
  @ApiOperation({ summary: 'Give a passkey another name' })
  @ApiOkResponse({ standardSchema: passkey })
  renamePasskey(
    @Param({ schema: passkeyParams }) { passkey_id }: PasskeyParams,
    @Body({ schema: renamePasskeyRequest }) { name }: { name: string },
    @Req() request: FastifyRequest,
  ): Promise<Passkey> {
    return this.factors.renamePasskey(request, passkey_id, name);
  }

  @Delete('passkeys/:passkey_id')
  @HttpCode(204)
  @SignedIn()
  @StepUp()
  @ApiOperation({ summary: 'Remove a passkey; ends your other sessions' })
  @ApiNoContentResponse()
  removePasskey(
    @Param({ schema: passkeyParams }) { passkey_id }: PasskeyParams,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.factors.removePasskey(request, passkey_id);
  }
}
