import type { License, Machine } from '@bastionary/contracts/licenses';
import type { KnownPolicy } from '@bastionary/licensing/actions/find-policy';
import { heartbeatSeconds } from '@bastionary/licensing/rules/heartbeat';

/** A resource object of JSON:API §7.2. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, unknown>>;
  readonly links?: { readonly self: string };
}

/** What every resource needs to know of the installation: whose id stands in its addresses. */
export interface Place {
  readonly account: string;
}

/** A process as actions tell it. */
export interface ProcessFacts {
  readonly id: string;
  readonly machine_id: string;
  readonly license_id: string;
  readonly pid: string;
  readonly status: 'ALIVE' | 'DEAD';
  /** Seconds */
  readonly interval: number;
  readonly last_heartbeat_at: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  readonly updated_at: string;
}

const one = (type: string, id: string) => ({ data: { type, id } });
const maybe = (type: string, id: string | null) => ({ data: id === null ? null : { type, id } });
const at = ({ account }: Place, path: string) => `/v1/accounts/${account}/${path}`;
const to = (place: Place, path: string) => ({ links: { related: at(place, path) } });
const account = (place: Place) => ({ account: one('accounts', place.account) });

/** A licence, with the terms of its policy that programs look at. */
export function licenseResource(license: License, policy: KnownPolicy, place: Place): Resource {
  const path = `licenses/${license.id}`;
  return {
    id: license.id,
    type: 'licenses',
    attributes: {
      name: license.name,
      key: license.key,
      expiry: license.expires_at,
      status: license.status,
      uses: license.uses,
      suspended: license.suspensions.length > 0,
      scheme: license.scheme,
      encrypted: false,
      strict: policy.strict,
      floating: policy.floating,
      protected: false,
      maxMachines: license.max_machines,
      maxProcesses: license.max_processes,
      maxUsers: license.max_users,
      maxCores: license.max_cores,
      maxMemory: license.max_memory,
      maxDisk: license.max_disk,
      maxUses: license.max_uses,
      requireHeartbeat: policy.require_heartbeat,
      requireCheckIn: policy.require_check_in,
      lastValidated: license.last_validated_at,
      lastCheckIn: license.last_check_in_at,
      nextCheckIn: license.next_check_in_by,
      lastCheckOut: license.last_check_out_at,
      graceEndsAt: license.grace_ends_at,
      metadata: license.metadata,
      created: license.created_at,
      updated: license.updated_at,
    },
    relationships: {
      ...account(place),
      product: { ...to(place, `${path}/product`), ...one('products', license.product) },
      policy: { ...to(place, `${path}/policy`), ...one('policies', license.policy) },
      owner: { ...to(place, `${path}/owner`), ...maybe('users', license.customer_id) },
      users: { ...to(place, `${path}/users`), meta: { count: license.users.length } },
      machines: { ...to(place, `${path}/machines`), meta: { count: license.machines } },
      entitlements: to(place, `${path}/entitlements`),
    },
    links: { self: at(place, path) },
  };
}

/** A machine; `policy` is that of its licence. */
export function machineResource(machine: Machine, policy: KnownPolicy, place: Place): Resource {
  const path = `machines/${machine.id}`;
  return {
    id: machine.id,
    type: 'machines',
    attributes: {
      fingerprint: machine.fingerprint,
      name: machine.name,
      ip: machine.ip,
      hostname: machine.hostname,
      platform: machine.platform,
      cores: machine.cores,
      memory: machine.memory,
      disk: machine.disk,
      requireHeartbeat: policy.require_heartbeat,
      heartbeatStatus: machine.heartbeat_status,
      heartbeatDuration: heartbeatSeconds(policy),
      lastHeartbeat: machine.last_heartbeat_at,
      nextHeartbeat: machine.dies_at,
      metadata: machine.metadata,
      created: machine.created_at,
      updated: machine.updated_at,
    },
    relationships: {
      ...account(place),
      product: { ...to(place, `${path}/product`), ...one('products', policy.product) },
      license: { ...to(place, `${path}/license`), ...one('licenses', machine.license_id) },
      owner: { ...to(place, `${path}/owner`), ...maybe('users', machine.user) },
      components: to(place, `${path}/components`),
      processes: { ...to(place, `${path}/processes`), meta: { count: machine.processes } },
    },
    links: { self: at(place, path) },
  };
}

export function componentResource(
  component: Machine['components'][number],
  machine: Pick<Machine, 'id' | 'license_id' | 'created_at'>,
  place: Place,
): Resource {
  const path = `components/${component.id}`;
  return {
    id: component.id,
    type: 'components',
    attributes: {
      fingerprint: component.fingerprint,
      name: component.name,
      metadata: {},
      created: machine.created_at,
      updated: machine.created_at,
    },
    relationships: {
      ...account(place),
      license: one('licenses', machine.license_id),
      machine: one('machines', machine.id),
    },
    links: { self: at(place, path) },
  };
}

export function processResource(process: ProcessFacts, place: Place): Resource {
  const path = `processes/${process.id}`;
  return {
    id: process.id,
    type: 'processes',
    attributes: {
      pid: process.pid,
      status: process.status,
      interval: process.interval,
      lastHeartbeat: process.last_heartbeat_at,
      metadata: process.metadata,
      created: process.created_at,
      updated: process.updated_at,
    },
    relationships: {
      ...account(place),
      license: one('licenses', process.license_id),
      machine: { ...to(place, `${path}/machine`), ...one('machines', process.machine_id) },
    },
    links: { self: at(place, path) },
  };
}

/** An entitlement: its value and where it comes from stand in its metadata, which programs already read. */
export function entitlementResource(
  entitlement: License['entitlements'][number],
  license: License,
  place: Place,
): Resource {
  const { code, value, expires_at, from } = entitlement;
  const id = `${license.id}:${code}`;
  return {
    id,
    type: 'entitlements',
    attributes: {
      name: code,
      code,
      metadata: { value, from, expiry: expires_at },
      created: license.created_at,
      updated: license.updated_at,
    },
    relationships: account(place),
    links: { self: at(place, `licenses/${license.id}/entitlements/${encodeURIComponent(code)}`) },
  };
}

export interface FileFacts {
  readonly certificate: string;
  readonly algorithm: string;
  readonly issued_at: string;
  readonly expires_at: string | null;
  readonly ttl: number | null;
}

/** A licence or machine file. `owner` is what it was checked out for. */
export function fileResource(
  type: 'license-files' | 'machine-files',
  file: FileFacts,
  includes: readonly string[],
  owner: { readonly licenseId: string; readonly machineId?: string },
  id: string,
  place: Place,
): Resource {
  return {
    id,
    type,
    attributes: {
      certificate: file.certificate,
      algorithm: file.algorithm,
      includes,
      ttl: file.ttl,
      issued: file.issued_at,
      expiry: file.expires_at,
    },
    relationships: {
      ...account(place),
      license: one('licenses', owner.licenseId),
      ...(owner.machineId !== undefined && { machine: one('machines', owner.machineId) }),
    },
  };
}
