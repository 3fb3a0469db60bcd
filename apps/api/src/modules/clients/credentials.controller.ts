import { clientParams } from '@bastionary/contracts/clients';
import {
  type AddCredentialRequest,
  addCredentialRequest,
  type Credential,
  type CredentialList,
  type CredentialWithSecret,
  credential,
  credentialList,
  credentialParams,
  credentialWithSecret,
  deleteCredentialQuery,
  type Retirement,
  retirement,
  type UpdateCredentialRequest,
  updateCredentialRequest,
} from '@bastionary/contracts/credentials';
import { addCredential } from '@bastionary/oauth/actions/add-credential';
import { judgeRetirement } from '@bastionary/oauth/actions/credential-retirement';
import { usesOf } from '@bastionary/oauth/actions/credential-uses';
import { deleteCredential } from '@bastionary/oauth/actions/delete-credential';
import { getClient } from '@bastionary/oauth/actions/find-client';
import { updateCredential } from '@bastionary/oauth/actions/update-credential';
import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf, principalOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { KeyRing } from '../auth/key-ring.js';
import { toCredential } from './credential-views.js';
import { checkWithinOwn } from './within-own-permissions.js';

type Params = { client_id: string; credential_id: string };

@ApiTags('clients')
@Controller('api/clients/:client_id/credentials')
export class CredentialsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly keys: KeyRing,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('clients:read')
  @ApiOperation({ summary: 'The ways a client proves itself, and when each was last used' })
  @ApiOkResponse({ standardSchema: credentialList })
  async list(@Param({ schema: clientParams }) { client_id }: Params): Promise<CredentialList> {
    const { credentials } = await getClient(this.db, client_id);
    const now = new Date();
    const ids = credentials.map(({ id }) => id);
    const uses = await usesOf(this.db, ids, now);
    return { data: credentials.map((row) => toCredential(row, uses.get(row.id), now.getTime())) };
  }

  @Post()
  @Needs('clients:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Add a secret or a public key; the others stay. Only this answer has the secret' })
  @ApiCreatedResponse({ standardSchema: credentialWithSecret })
  add(
    @Param({ schema: clientParams }) { client_id }: Params,
    @Body({ schema: addCredentialRequest }) body: AddCredentialRequest,
    @Req() request: FastifyRequest,
  ): Promise<CredentialWithSecret> {
    const terms = { peppers: this.keys.peppers, perClientMax: this.config.CREDENTIALS_PER_CLIENT_MAX };
    return this.writer.writeOnce(request, async (tx) => {
      const now = new Date();
      await checkWithinOwn(tx, principalOf(request), { clientIds: [client_id] });
      const { row, secret } = await addCredential(tx, originOf(request), client_id, body, terms, now);
      return { ...toCredential(row, undefined, now.getTime()), ...(secret !== null && { client_secret: secret }) };
    });
  }

  @Patch(':credential_id')
  @Needs('clients:write')
  @ApiOperation({ summary: 'Change label or validity. An expires_at that has passed ends it at once' })
  @ApiOkResponse({ standardSchema: credential })
  async update(
    @Param({ schema: credentialParams }) { client_id, credential_id }: Params,
    @Body({ schema: updateCredentialRequest }) body: UpdateCredentialRequest,
    @Req() request: FastifyRequest,
  ): Promise<Credential> {
    const now = new Date();
    const row = await this.writer.write((tx) =>
      updateCredential(tx, originOf(request), client_id, credential_id, body, now),
    );
    return toCredential(row, (await usesOf(this.db, [row.id], now)).get(row.id), now.getTime());
  }

  @Delete(':credential_id')
  @HttpCode(204)
  @Needs('clients:write')
  @ApiOperation({ summary: 'Delete a credential. One that was used within the last hour needs force=true' })
  @ApiNoContentResponse()
  async delete(
    @Param({ schema: credentialParams }) { client_id, credential_id }: Params,
    @Query({ schema: deleteCredentialQuery }) { force }: { force: boolean },
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) =>
      deleteCredential(tx, originOf(request), client_id, credential_id, force, new Date()),
    );
  }

  @Get(':credential_id/retirement')
  @Needs('clients:read')
  @ApiOperation({ summary: 'Whether a credential can be deleted without anybody noticing, and what says so' })
  @ApiOkResponse({ standardSchema: retirement })
  retirement(@Param({ schema: credentialParams }) { client_id, credential_id }: Params): Promise<Retirement> {
    const { CREDENTIAL_SILENCE_SECONDS, USAGE_FLUSH_MS } = this.config;
    // A flush may be under way, and the one after it: what was counted just now is in the database after two.
    const terms = { silenceMs: CREDENTIAL_SILENCE_SECONDS * 1_000, lagMs: 2 * USAGE_FLUSH_MS };
    return judgeRetirement(this.db, client_id, credential_id, terms, new Date());
  }
}
