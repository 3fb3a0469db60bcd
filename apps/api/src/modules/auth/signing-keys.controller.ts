import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { type SigningKeyList, signingKeyList } from '@bastionary/contracts/tokens';
import { listSigningKeys } from '@bastionary/oauth/actions/signing-keys';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { DATABASE, type Database } from '../../platform/providers.js';

@ApiTags('signing keys')
@Controller('api/signing-keys')
export class SigningKeysController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  @Needs('keys:read')
  @ApiOperation({ summary: 'The keys that sign access tokens, the newest first, without their private parts' })
  @ApiOkResponse({ standardSchema: signingKeyList })
  async list(): Promise<SigningKeyList> {
    const keys = await listSigningKeys(this.db);
    return {
      data: keys.map((key) => ({
        kid: key.kid,
        alg: key.alg,
        state: key.state as SigningKeyList['data'][number]['state'],
        created_at: toInstant(key.createdAt),
        activated_at: toInstantOrNull(key.activatedAt),
        retired_at: toInstantOrNull(key.retiredAt),
        public_jwk: key.publicJwk as Record<string, unknown>,
      })),
    };
  }
}
