import { createLicensePolicyRequest } from '@bastionary/contracts/license-policies';
import { toInstant } from '@bastionary/contracts/text';
import { activateMachine } from '@bastionary/licensing/actions/activate-machine';
import type { Around } from '@bastionary/licensing/actions/change-license';
import { createLicense } from '@bastionary/licensing/actions/create-license';
import { createPolicy } from '@bastionary/licensing/actions/create-policy';
import { reissueLicense } from '@bastionary/licensing/actions/reissue-license';
import { renewLicense } from '@bastionary/licensing/actions/renew-license';
import { revokeLicense } from '@bastionary/licensing/actions/revoke-license';
import { loadLicenseKeys } from '@bastionary/licensing/actions/signing-keys';
import { suspendLicense } from '@bastionary/licensing/actions/suspend-license';
import { DAY_MS, type Episode, HOUR_MS, idOf, ORIGIN, type World } from './chronicle.js';
import { DESKTOP, FLEETS, FLOATING, ISSUED } from './data/licenses.js';

/** Before the first customer: what a plan issues, it issues from the first subscription on. */
const POLICIES_DAYS_AGO = 229;

const around = async ({ tx, keys }: World, now: Date): Promise<Around> => ({
  now,
  encryptionKeys: keys,
  signing: await loadLicenseKeys(tx, keys),
});

/** Policies, licences by hand and by subscriptions, what became of them, and the machines that run today. */
export const licenseEpisodes: readonly Episode[] = [
  {
    daysAgo: POLICIES_DAYS_AGO,
    async happen({ tx, licenses }, now) {
      const desktop = await createPolicy(tx, ORIGIN, createLicensePolicyRequest.parse(DESKTOP), now);
      await createPolicy(tx, ORIGIN, createLicensePolicyRequest.parse(FLOATING), now);
      licenses.set('desktop', desktop.id);
    },
  },
  ...ISSUED.flatMap((issued): Episode[] => {
    const { name, daysAgo, later } = issued;
    const issuing: Episode = { daysAgo, happen: (world, now) => issue(world, issued, now) };
    if (later === undefined) return [issuing];
    return [
      issuing,
      { daysAgo: later.daysAgo, happen: (world, now) => act(world, idOf(world.licenses, name), later, now) },
    ];
  }),
  { daysAgo: 0, happen: startMachines },
];

async function issue(world: World, issued: (typeof ISSUED)[number], now: Date): Promise<void> {
  const { tx, licenses, customers, present } = world;
  const { customer, name, expiresIn, entitlement, user } = issued;
  const row = await createLicense(
    tx,
    ORIGIN,
    {
      policy: idOf(licenses, 'desktop'),
      name,
      ...(customer !== undefined && { customer_id: idOf(customers, customer) }),
      ...(expiresIn !== undefined && { expires_at: toInstant(new Date(present.getTime() + expiresIn * DAY_MS)) }),
      ...(entitlement !== undefined && { entitlements: [{ code: entitlement, value: true, expires_at: null }] }),
      ...(user !== undefined && { users: [user] }),
    },
    await around(world, now),
  );
  licenses.set(name, row.id);
}

type Later = NonNullable<(typeof ISSUED)[number]['later']>;

async function act(world: World, id: string, later: Later, now: Date): Promise<void> {
  const { tx } = world;
  const { reason } = later;
  const acts = {
    suspend: () => suspendLicense(tx, ORIGIN, id, { by: 'operator', reason, now }),
    revoke: () => revokeLicense(tx, ORIGIN, id, reason, now),
    renew: () => renewLicense(tx, ORIGIN, id, reason, now),
    reissue: async () => reissueLicense(tx, ORIGIN, id, reason, await around(world, now)),
  };
  await acts[later.act]();
}

/** Seats go by the database's clock, so they are taken today; since when each runs is written afterwards. */
async function startMachines(world: World, now: Date): Promise<void> {
  await tellOfUse(world, now);
  const { tx, licenses, customers } = world;
  for (const { name, machine } of ISSUED) {
    if (machine === undefined) continue;
    await activateMachine(tx, ORIGIN, idOf(licenses, name), { ...machine, components: [] });
  }
  for (const [customer, count, dead] of FLEETS) {
    const license = await tx.license.findFirstOrThrow({
      where: { customerId: idOf(customers, customer), sourcePlan: FLOATING.plan ?? null },
      select: { id: true },
    });
    const ids: string[] = [];
    for (let number = 1; number <= count; number += 1) {
      const name = `${customer}-${String(number).padStart(2, '0')}`;
      const fingerprint = Buffer.from(name).toString('hex');
      const request = { fingerprint, name, platform: 'Ubuntu 26.04', cores: 8, components: [] };
      ids.push((await activateMachine(tx, ORIGIN, license.id, request)).machine.id);
    }
    await tx.machine.updateMany({
      where: { id: { in: ids } },
      data: { createdAt: ago(now, 30 * DAY_MS), lastHeartbeatAt: ago(now, HOUR_MS) },
    });
    await tx.machine.updateMany({
      where: { id: { in: ids.slice(0, dead) } },
      data: { lastHeartbeatAt: ago(now, 10 * DAY_MS), diesAt: ago(now, 3 * DAY_MS) },
    });
  }
}

/** Programs validate every day; two licences were never used since they were sold. */
async function tellOfUse({ tx, licenses }: World, now: Date): Promise<void> {
  const unused = ['Office', 'Warehouse'].map((name) => idOf(licenses, name));
  await tx.license.updateMany({
    where: { id: { notIn: unused }, revokedAt: null, suspensions: { isEmpty: true } },
    data: { lastValidatedAt: ago(now, 2 * HOUR_MS) },
  });
}

const ago = (now: Date, milliseconds: number): Date => new Date(now.getTime() - milliseconds);
