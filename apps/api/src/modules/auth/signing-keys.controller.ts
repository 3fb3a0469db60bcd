import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import {
  type RotateKeysRequest,
  rotateKeysRequest,
  type SigningKey,
  type SigningKeyList,
  signingKeyList,
} from '@bastionary/contracts/tokens';
import { rotateInEmergency, rotateNow } from '@bastionary/oauth/actions/rotate-keys';
import { listSigningKeys } from '@bastionary/oauth/actions/signing-keys';
import { keyPeriods, nextChange } from '@bastionary/oauth/rules/key-schedule';
import type { Reader } from '@bastionary/prisma/client';
import { Body, Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, StepUp } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import {
  CONFIG,
  type Config,
  DATABASE,
  type Database,
  ENCRYPTION_KEYS,
  type KeyEncryptionKeys,
} from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { KeyRing } from './key-ring.js';

@ApiTags('signing keys')
@Controller('api/signing-keys')
export class SigningKeysController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys,
    private readonly writer: Writer,
    private readonly ring: KeyRing,
  ) {}

  @Get()
  @Needs('keys:read')
  @ApiOperation({ summary: 'The keys that sign access tokens, the newest first, without their private parts' })
  @ApiOkResponse({ standardSchema: signingKeyList })
  list(): Promise<SigningKeyList> {
    return this.listed(this.db);
  }

  @Post('rotate')
  @HttpCode(200)
  @Needs('keys:write')
  @StepUp(({ emergency }) => emergency === true)
  @ApiOperation({
    summary: 'Let the next key sign now; in an emergency, replace every key at once',
    description:
      'As planned, no token is refused: the next key signs at once if it has been published for ten minutes, else as soon as it has. In an emergency every key is withdrawn from the JWK Set and every token is dead, that of this request too.',
  })
  @ApiOkResponse({ standardSchema: signingKeyList })
  async rotate(
    @Body({ schema: rotateKeysRequest }) { emergency, reason }: RotateKeysRequest,
    @Req() request: FastifyRequest,
  ): Promise<SigningKeyList> {
    const { encryptionKeys } = this;
    const answer = await this.writer.writeOnce(request, async (tx) => {
      const rotation = {
        origin: originOf(request),
        encryptionKeys,
        periods: keyPeriods(this.config),
        now: new Date(),
      };
      await (emergency ? rotateInEmergency : rotateNow)(tx, rotation, reason ?? null);
      return this.listed(tx);
    });
    await this.ring.settled();
    return answer;
  }

  private async listed(db: Reader): Promise<SigningKeyList> {
    const keys = await listSigningKeys(db);
    const periods = keyPeriods(this.config);
    return {
      data: keys.map((key) => {
        const next = nextChange(key, keys, periods);
        return {
          kid: key.kid,
          alg: key.alg,
          state: key.state as SigningKey['state'],
          created_at: toInstant(key.createdAt),
          published_at: toInstant(key.publishedAt),
          activated_at: toInstantOrNull(key.activatedAt),
          retiring_at: toInstantOrNull(key.retiringAt),
          retired_at: toInstantOrNull(key.retiredAt),
          next_change: next && { step: next.step, at: toInstant(next.at) },
          public_jwk: key.publicJwk as Record<string, unknown>,
        };
      }),
    };
  }
}
