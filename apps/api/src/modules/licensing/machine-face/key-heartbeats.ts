import {
  type Beat,
  type Beaten,
  beatMachines,
  type FoundMachine,
  findShownMachines,
  type ShownMachine,
  toBeatenMachine,
} from '@bastionary/licensing/actions/beat-machines';
import { termsFor } from '@bastionary/licensing/actions/find-policy';
import { mayAuthenticate } from '@bastionary/licensing/rules/authentication';
import { afterHeartbeat, heartbeatSeconds } from '@bastionary/licensing/rules/heartbeat';
import { Inject, Injectable } from '@nestjs/common';
import { Gathered } from '../../../platform/gathered.js';
import { POOL, type Pool } from '../../../platform/providers.js';
import { KnownPolicies } from '../known-policies.js';
import { machineResource, type Place, type Resource } from './documents.js';

/** Heartbeats of machines that live, by the key of their licence: those of the same moment are two statements. */
@Injectable()
export class KeyHeartbeats {
  private readonly found: Gathered<ShownMachine, FoundMachine | null>;
  private readonly beaten: Gathered<Beat, Beaten | null>;

  constructor(
    @Inject(POOL) pool: Pool,
    private readonly policies: KnownPolicies,
  ) {
    this.found = new Gathered((shown) => findShownMachines(pool, shown));
    this.beaten = new Gathered((beats) => beatMachines(pool, beats));
  }

  /** The machine as a document. Null, and nothing done, unless all is well: the ordinary way knows what to say. */
  async beat(key: string, machine: string, place: Place): Promise<Resource | null> {
    const found = await this.found.ask({ key, machine });
    if (found === null || found.isOverdue) return null;
    const { policy } = await this.policies.find(found.policyId);
    const terms = termsFor(policy, found);
    if (mayAuthenticate({ ...found, terms }, 'key', new Date()) !== null) return null;
    const after = afterHeartbeat(policy, found, found.at);
    if (after === 'dead' || after.status !== 'ALIVE') return null;
    const beaten = await this.beaten.ask({ id: found.id, seconds: heartbeatSeconds(policy) });
    return beaten && machineResource(toBeatenMachine(found, beaten), policy, place);
  }
}
