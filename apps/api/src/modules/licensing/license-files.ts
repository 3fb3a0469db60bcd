import type { CheckOutRequest, LicenseFile } from '@bastionary/contracts/licenses';
import { checkOut } from '@bastionary/licensing/actions/check-out';
import { getMachine } from '@bastionary/licensing/actions/find-machine';
import { KEY_FOR } from '@bastionary/licensing/rules/formats/algorithms';
import type { Transaction } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config, ENCRYPTION_KEYS, type KeyEncryptionKeys } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { fileDocument } from './license-document.js';
import { LicenseKeyRing } from './license-key-ring.js';
import { SignedRevocations } from './signed-revocations.js';

/** Checks files out, whichever door they are asked for at. */
@Injectable()
export class LicenseFiles {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys,
    private readonly writer: Writer,
    private readonly ring: LicenseKeyRing,
    private readonly revocations: SignedRevocations,
  ) {}

  /**
   * A file for a licence, or for one machine of it.
   * @param machineId id or fingerprint; undefined: for the licence alone
   * @throws AppError not_found, license_conflict
   */
  async checkOut(
    request: FastifyRequest,
    licenseId: string,
    machineId: string | undefined,
    wish: CheckOutRequest,
  ): Promise<LicenseFile> {
    const { encryptionKeys } = this;
    const signing = await this.ring.with(KEY_FOR[wish.algorithm ?? 'ed25519']);
    const revocations = await this.revocations.newest();
    const place = { account: signing.account, encryptionKeys };
    return this.writer.writeOnce(request, async (tx: Transaction) => {
      const machine = machineId === undefined ? undefined : await getMachine(tx, licenseId, machineId);
      return checkOut(tx, licenseId, wish, {
        now: new Date(),
        encryptionKeys,
        signing,
        revocations,
        defaultTtl: this.config.LICENSE_FILE_TTL_SECONDS,
        document: (within, row) => fileDocument(within, row, machine, wish, place),
        ...(machine && { machine }),
      });
    });
  }
}
