import type { License, Machine } from '@bastionary/contracts/licenses';
import type { FaceListQuery } from '@bastionary/contracts/machine-face';
import { getLicense, type LicenseRow } from '@bastionary/licensing/actions/find-license';
import { type MachineRow, toMachines } from '@bastionary/licensing/actions/find-machine';
import { getPolicy, type KnownPolicy, toKnownPolicy } from '@bastionary/licensing/actions/find-policy';
import { noSuchLicense, noSuchMachine } from '@bastionary/licensing/actions/refusals';
import { toLicenses } from '@bastionary/licensing/actions/to-licenses';
import type { Reader } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { JSON_API, MachineFault } from '../../../platform/machine-answer.js';
import { principalOf } from '../../../platform/principal.js';
import { ENCRYPTION_KEYS, type KeyEncryptionKeys } from '../../../platform/providers.js';
import { CurrentEntitlements } from '../../customers/current-entitlements.js';
import { LicenseKeyRing } from '../license-key-ring.js';
import { licenseResource, machineResource, type Place, type Resource } from './documents.js';

/** A licence with all that its documents tell. */
export interface ToldLicense {
  readonly license: License;
  readonly policy: KnownPolicy;
}

/** What every door of the machine-facing protocol shares: whose requests reach what, and how it is told. */
@Injectable()
export class FaceRoom {
  constructor(
    @Inject(ENCRYPTION_KEYS) readonly encryptionKeys: KeyEncryptionKeys,
    private readonly ring: LicenseKeyRing,
    private readonly current: CurrentEntitlements,
  ) {}

  get place(): Place {
    return { account: this.ring.current.account };
  }

  /** The account is the installation: another one is nowhere. @throws MachineFault NOT_FOUND */
  checkAccount(account: string | undefined): void {
    if (account === undefined || account === this.place.account) return;
    throw new MachineFault(404, 'NOT_FOUND', 'The requested account was not found (check your account ID)');
  }

  /** A licence that the caller may act for: a program its own, another's is as if it were not there. */
  async license(db: Reader, request: FastifyRequest, id: string): Promise<LicenseRow> {
    const principal = principalOf(request);
    if (principal.kind === 'license' && principal.licenseId !== id) throw noSuchLicense(id);
    const license = await getLicense(db, id);
    // A program's own was brought up to date when it was let in.
    return principal.kind === 'license' ? license : this.upToDate(db, license);
  }

  /** A licence as it is once what fell due for its customer has taken effect, whether or not the worker has come. */
  async upToDate(db: Reader, license: LicenseRow): Promise<LicenseRow> {
    const { id, customerId } = license;
    if (customerId === null || !(await this.current.settled(customerId))) return license;
    return getLicense(db, id);
  }

  /** A machine by id, or by its fingerprint within the caller's own licence. */
  async machine(db: Reader, request: FastifyRequest, idOrFingerprint: string): Promise<MachineRow> {
    const principal = principalOf(request);
    const own = principal.kind === 'license' ? principal.licenseId : undefined;
    const row = await db.machine.findFirst({
      where:
        own === undefined
          ? { id: idOrFingerprint }
          : { licenseId: own, OR: [{ id: idOrFingerprint }, { fingerprint: idOrFingerprint }] },
    });
    if (row === null) throw noSuchMachine(idOrFingerprint);
    return row;
  }

  async toldLicense(db: Reader, row: LicenseRow): Promise<ToldLicense> {
    const [license] = await toLicenses(db, [row], { now: new Date(), encryptionKeys: this.encryptionKeys });
    return { license: license as License, policy: await this.policyOf(db, row) };
  }

  async licenseDocument(db: Reader, row: LicenseRow): Promise<Resource> {
    const { license, policy } = await this.toldLicense(db, row);
    return licenseResource(license, policy, this.place);
  }

  async machineDocument(db: Reader, row: MachineRow): Promise<Resource> {
    const [machine] = await toMachines(db, [row]);
    const license = await getLicense(db, row.licenseId);
    return machineResource(machine as Machine, await this.policyOf(db, license), this.place);
  }

  async policyOf(db: Reader, { policyId }: Pick<LicenseRow, 'policyId'>): Promise<KnownPolicy> {
    return toKnownPolicy(await getPolicy(db, policyId));
  }
}

/** Sends a document as what it is (JSON:API §5). */
export function tell<Document extends object>(reply: FastifyReply, document: Document): Document {
  reply.header('content-type', JSON_API).header('cache-control', 'no-store');
  return document;
}

const PAGE = 10;

/** Which of a list a request wants: the first `limit`, or a page by its number. */
export function pageOf(query: FaceListQuery): { readonly skip: number; readonly take: number } {
  const take = query['page[size]'] ?? query.limit ?? PAGE;
  return { skip: ((query['page[number]'] ?? 1) - 1) * take, take };
}
