import { type Overview, overview } from '@bastionary/contracts/operators';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { listExpiring } from '@bastionary/oauth/actions/expiring';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { recentHours } from '../clients/recent-hours.js';

const EXPIRING_SHOWN = 20;

interface Facts {
  first_client: Date | null;
  first_token: Date | null;
  first_revocation: Date | null;
  active: number;
  suspended: number;
  expired: number;
  expiring: number;
}

@ApiTags('overview')
@Controller('api/overview')
export class OverviewController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
  ) {}

  @Get()
  @Needs('clients:read')
  @ApiOperation({ summary: 'What the first page of the console shows' })
  @ApiOkResponse({ standardSchema: overview })
  async read(): Promise<Overview> {
    const now = new Date();
    const [facts] = await this.db.$queryRaw<[Facts]>`
      SELECT
        (SELECT min(at) FROM audit_log WHERE action = 'client.created' AND actor NOT LIKE 'system:%') AS first_client,
        (SELECT min(last_at) FROM (SELECT last_at FROM tokens_per_hour UNION ALL SELECT last_at FROM issuance_batch) AS counted) AS first_token,
        (SELECT min(at) FROM audit_log WHERE action = 'token.revoked') AS first_revocation,
        counted.*
      FROM (
        SELECT
          count(*) FILTER (WHERE status <> 'suspended' AND (expiry IS NULL OR expiry > ${now}))::int AS active,
          count(*) FILTER (WHERE status = 'suspended' AND (expiry IS NULL OR expiry > ${now}))::int AS suspended,
          count(*) FILTER (WHERE expiry <= ${now})::int AS expired,
          count(*) FILTER (WHERE expiry > ${now} AND expiry <= ${now}::timestamptz + interval '30 days')::int AS expiring
        FROM client WHERE status <> 'deleted'
      ) AS counted`;
    return {
      issuer: this.config.ISSUER_URL,
      checklist: [
        { step: 'create_client', done_at: toInstantOrNull(facts.first_client) },
        { step: 'first_token', done_at: toInstantOrNull(facts.first_token) },
        { step: 'revoke_token', done_at: toInstantOrNull(facts.first_revocation) },
      ],
      clients: {
        active: facts.active,
        suspended: facts.suspended,
        expired: facts.expired,
        expiring_within_30_days: facts.expiring,
      },
      expiring: (await listExpiring(this.db, now, EXPIRING_SHOWN)).map(({ kind, clientId, id, label, expiresAt }) => ({
        kind,
        client_id: clientId,
        id,
        label,
        expires_at: toInstant(expiresAt),
      })),
      tokens_per_hour: await recentHours(this.db, null, 24, now.getTime()),
    };
  }
}
