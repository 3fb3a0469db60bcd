import type { License } from '@bastionary/contracts/licenses';
import type { LicenseRow } from '@bastionary/licensing/actions/find-license';
import { toLicenses } from '@bastionary/licensing/actions/to-licenses';
import type { Reader } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ENCRYPTION_KEYS, type KeyEncryptionKeys } from '../../platform/providers.js';
import { toEtag } from '../clients/etag.js';

/** What is kept for a retry: the answer, and the version for its ETag. */
export interface ToldLicense {
  readonly version: number;
  readonly body: License;
}

/** Licences as they leave the house. */
@Injectable()
export class LicenseAnswers {
  constructor(@Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys) {}

  many(db: Reader, rows: readonly LicenseRow[]): Promise<License[]> {
    return toLicenses(db, rows, { now: new Date(), encryptionKeys: this.encryptionKeys });
  }

  async told(db: Reader, row: LicenseRow): Promise<ToldLicense> {
    const [body] = await this.many(db, [row]);
    return { version: row.version, body: body as License };
  }
}

/** The answer with its ETag. */
export function withEtag({ version, body }: ToldLicense, reply: FastifyReply): License {
  reply.header('etag', toEtag(version));
  return body;
}
