import { expect, test } from '@jest/globals';
import { daysFromNow, licenseOf, machineOf } from '../../test/sample-license.js';
import { licenseAsOf } from './license-as-of.js';

const machines = [machineOf(), machineOf({ id: 'mac_2', fingerprint: 'fp-2' })];
const present = {
  ...licenseOf(
    { floating: true },
    { machines, suspensions: ['operator'], expiresAt: daysFromNow(30), limits: { max_machines: 9 } },
  ),
  ...{ source: null, all: machines },
};
const change = (from: unknown) => ({ from, to: null });

test('each record is taken back, the newest first', () => {
  const past = licenseAsOf(
    present,
    [
      { action: 'license.suspended', detail: { by: 'operator' } },
      { action: 'license.reinstated', detail: { by: 'subscription' } },
      { action: 'license.renewed', detail: { expires_at: change('2030-07-01T00:00:00Z'), reason: null } },
      { action: 'license.updated', detail: { changes: { max_machines: change(5) } } },
      {
        action: 'license.updated',
        detail: { changes: { expires_at: change(null), limits: change({}), name: change('x') } },
      },
      { action: 'license.checked', detail: {} },
    ],
    undefined,
  );
  expect(past).toMatchObject({ suspensions: ['subscription'], expiresAt: null, limits: {} });
});

test('machines that came later are not there yet, those that have gone are', () => {
  const records = [
    { action: 'machine.activated', detail: { machine: 'mac_2', fingerprint: 'fp-2' } },
    {
      action: 'machine.deactivated',
      detail: { machine: 'mac_3', fingerprint: 'fp-3', died_at: '2030-06-14T00:00:00Z' },
    },
    { action: 'machine.deactivated', detail: { machine: 'mac_4', fingerprint: 'fp-4' } },
  ];
  const of = (fingerprint?: string) => licenseAsOf(present, records, fingerprint);
  expect(of().all.map(({ id }) => id)).toEqual(['mac_1', 'mac_3', 'mac_4']);
  expect(of().used.max_machines).toBe(3);
  expect(of('fp-1').machines).toEqual([machineOf()]);
  expect(of('fp-2').machines).toEqual([]);
  const diesAt = new Date('2030-06-14T00:00:00Z');
  expect(of('fp-3').machines).toEqual([
    machineOf({ id: 'mac_3', fingerprint: 'fp-3', diesAt, lastHeartbeatAt: diesAt }),
  ]);
});
