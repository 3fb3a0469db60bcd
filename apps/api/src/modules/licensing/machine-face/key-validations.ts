import type { Validation, ValidationScope } from '@bastionary/contracts/license-validation';
import { findPresented, type Presentation, type Presented } from '@bastionary/licensing/actions/presented-licenses';
import { toLicense } from '@bastionary/licensing/actions/to-licenses';
import { beginsWith, beginTime, validatePresented } from '@bastionary/licensing/actions/validate-license';
import { holdsSeat } from '@bastionary/licensing/rules/heartbeat';
import { Inject, Injectable } from '@nestjs/common';
import { Gathered } from '../../../platform/gathered.js';
import { type Database, POOL, type Pool, WHOLE_DATABASE } from '../../../platform/providers.js';
import { Writer } from '../../../platform/writer.js';
import { CurrentEntitlements } from '../../customers/current-entitlements.js';
import { KnownPolicies, type PolicyOfProduct } from '../known-policies.js';
import { licenseResource, type Place, type Resource } from './documents.js';
import { SeenLicenses } from './seen-licenses.js';

/** A validation, and the licence as a document. */
export interface Validated {
  readonly validation: Validation;
  readonly data: Resource;
}

/** Validates licences by their keys: what is asked at the same moment is one statement. */
@Injectable()
export class KeyValidations {
  private readonly presented: Gathered<Presentation, Presented | null>;

  constructor(
    @Inject(POOL) pool: Pool,
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly policies: KnownPolicies,
    private readonly writer: Writer,
    private readonly seen: SeenLicenses,
    private readonly current: CurrentEntitlements,
  ) {
    this.presented = new Gathered((asked) => findPresented(pool, asked));
  }

  /** Null if the key is unknown; a revoked one is as unknown as one that never was. */
  async validate(key: string, scope: ValidationScope, place: Place): Promise<Validated | null> {
    const found = await this.find(key, scope);
    if (found === null) return null;
    const { presented, known } = found;
    const validation = await validatePresented(this.db, presented, known, scope);
    this.seen.add(presented.license.id, Date.now());
    return { validation, data: licenseDocument(key, presented, known, place) };
  }

  private async find(key: string, scope: ValidationScope) {
    const asked = { key, withComponents: Boolean(scope.components) };
    let presented = await this.presented.ask(asked);
    if (presented?.isOverdue && presented.license.customerId !== null) {
      await this.current.settled(presented.license.customerId);
      presented = await this.presented.ask(asked);
    }
    if (presented === null || presented.license.revokedAt !== null) return null;
    const { id, policyId } = presented.license;
    const known = await this.policies.find(policyId);
    if (!beginsWith('validation', presented.license, known.policy)) return { presented, known };
    await this.writer.write((tx) => beginTime(tx, id, 'validation'));
    return { presented: (await this.presented.ask(asked)) ?? presented, known };
  }
}

function licenseDocument(
  key: string,
  { at, license, isOwnerSuspended, users, machines, entitlements }: Presented,
  { policy }: PolicyOfProduct,
  place: Place,
): Resource {
  const taken = machines.filter((one) => holdsSeat(policy, one, at)).length;
  const around = { key, policy, isOwnerSuspended, users, machines: taken, entitlements };
  return licenseResource(toLicense(license, around, at), policy, place);
}
