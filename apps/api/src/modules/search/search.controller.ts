import {
  type SearchHit,
  type SearchQuery,
  type SearchResult,
  searchQuery,
  searchResult,
} from '@bastionary/contracts/search';
import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { SignedIn } from '../../platform/access.js';
import { principalOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { KINDS } from './kinds.js';

@ApiTags('search')
@Controller('api/search')
export class SearchController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  @SignedIn()
  @ApiOperation({ summary: 'Anything by its name or id, of the kinds that the role may see' })
  @ApiOkResponse({ standardSchema: searchResult })
  async search(
    @Query({ schema: searchQuery }) { q, limit }: SearchQuery,
    @Req() request: FastifyRequest,
  ): Promise<SearchResult> {
    const { permissions } = principalOf(request);
    const question = { db: this.db, text: q, limit, now: new Date() };
    const data: SearchHit[] = [];
    // One after the other: somebody who types quickly shall not take every connection there is.
    for (const { kind, needs, find } of KINDS) {
      if (!needs.every((permission) => permissions.has(permission))) continue;
      for (const hit of await find(question)) data.push({ kind, ...hit });
    }
    return { data };
  }
}
