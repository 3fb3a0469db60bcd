import { createHash } from 'node:crypto';
import { type LicenseRow, licenseByKey } from '@bastionary/licensing/actions/find-license';
import { termsFor } from '@bastionary/licensing/actions/find-policy';
import { suspendedAmong, toFacts } from '@bastionary/licensing/actions/license-facts';
import { mayAuthenticate } from '@bastionary/licensing/rules/authentication';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { MachineFault } from '../../../platform/machine-answer.js';
import type { Principal } from '../../../platform/principal.js';
import { type Database, WHOLE_DATABASE } from '../../../platform/providers.js';
import { RequestStrategy } from '../../../platform/request-strategy.js';
import { KnownPolicies } from '../known-policies.js';
import { FaceRoom } from './face-room.js';
import { KeyGuesses } from './key-guesses.js';

/** The header of a program that shows its key. */
export const LICENSE_KEY = /^license +(\S{1,4096})$/i;
const BY_TOKEN = /^bearer +(lict_[A-Za-z0-9_-]{20,200})$/i;

/** A program by the key of its licence, or by a token of it. Access tokens are left to the next strategy. */
@Injectable()
export class MachineStrategy extends PassportStrategy(RequestStrategy, 'machine') {
  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly policies: KnownPolicies,
    private readonly guesses: KeyGuesses,
    private readonly room: FaceRoom,
  ) {
    super();
  }

  /** @throws MachineFault for what is presented and no good: nothing else is tried then */
  async validate(request: FastifyRequest): Promise<Principal | null> {
    const authorization = request.headers.authorization ?? '';
    const key = LICENSE_KEY.exec(authorization)?.[1];
    if (key !== undefined) return this.byKey(key, request.ip);
    const token = BY_TOKEN.exec(authorization)?.[1];
    if (token !== undefined) return this.byToken(token, request.ip);
    return null;
  }

  private async byKey(key: string, address: string): Promise<Principal> {
    this.guesses.check(key, address);
    const license = await licenseByKey(this.db, key);
    if (license === null) {
      await this.guesses.record(key, address);
      throw new MachineFault(401, 'LICENSE_INVALID', 'must be a valid license');
    }
    return this.admitted(license, 'key');
  }

  private async byToken(token: string, address: string): Promise<Principal> {
    this.guesses.check(token, address);
    const digest = new Uint8Array(createHash('sha256').update(token).digest());
    const row = await this.db.licenseToken.findUnique({ where: { digest } });
    const license = row && (await this.db.license.findUnique({ where: { id: row.licenseId } }));
    if (!license) {
      await this.guesses.record(token, address);
      throw new MachineFault(401, 'TOKEN_INVALID', 'must be a valid token');
    }
    if (row.expiresAt !== null && row.expiresAt <= new Date()) {
      throw new MachineFault(401, 'TOKEN_EXPIRED', 'must not be expired');
    }
    return this.admitted(license, 'token');
  }

  private async admitted(found: LicenseRow, by: 'key' | 'token'): Promise<Principal> {
    const license = await this.room.upToDate(this.db, found);
    const { policy } = await this.policies.find(license.policyId);
    const suspended = await suspendedAmong(this.db, [license.customerId]);
    const facts = toFacts(
      license,
      termsFor(policy, license),
      license.customerId !== null && suspended.has(license.customerId),
    );
    const fault = mayAuthenticate(facts, by, new Date());
    if (fault !== null) throw new MachineFault(fault.status, fault.code, fault.detail);
    return { kind: 'license', licenseId: license.id, permissions: new Set() };
  }
}
