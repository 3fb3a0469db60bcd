import { type LicenseKeySet, licenseKeySet } from '@bastionary/contracts/license-keys';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/access.js';
import { LicenseKeyRing } from './license-key-ring.js';
import { SignedRevocations } from './signed-revocations.js';

// Programs ask rarely, and a rotation or revocation should reach them soon.
const CACHED = 'public, max-age=60';

@ApiTags('license keys')
@Controller('.well-known')
export class PublishedKeysController {
  constructor(
    private readonly ring: LicenseKeyRing,
    private readonly revocations: SignedRevocations,
  ) {}

  @Get('license-keys.json')
  @Public()
  @Header('cache-control', CACHED)
  @ApiOperation({ summary: 'The keys that verify licences, with a version, signed by the root' })
  @ApiOkResponse({ standardSchema: licenseKeySet })
  keys(): LicenseKeySet {
    return this.ring.current.published;
  }

  @Get('license-revocations.jws')
  @Public()
  @Header('cache-control', CACHED)
  @Header('content-type', 'application/jose')
  @ApiOperation({ summary: 'The licence keys that are dead before their time: a compact JWS (RFC 7515)' })
  @ApiProduces('application/jose')
  async revoked(): Promise<string> {
    return (await this.revocations.newest()).text;
  }
}
