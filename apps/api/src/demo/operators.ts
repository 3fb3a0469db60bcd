import type { Role } from '@bastionary/contracts/operators';
import { ROLE_PERMISSIONS } from '@bastionary/contracts/permissions';
import { type Asker, inviteOperator, updateOperator } from '../modules/operators/change-operators.js';
import { type Episode, ORIGIN } from './chronicle.js';

interface DemoOperator {
  readonly daysAgo: number;
  readonly name: string;
  readonly role: Exclude<Role, 'owner'>;
  readonly suspendedDaysAgo?: number;
}

const OPERATORS: readonly DemoOperator[] = [
  { daysAgo: 210, name: 'Ines Albrecht', role: 'admin' },
  { daysAgo: 180, name: 'Tomás Figueira', role: 'finance' },
  { daysAgo: 122, name: 'Priya Raman', role: 'developer' },
  { daysAgo: 84, name: 'Jonas Wik', role: 'developer', suspendedDaysAgo: 20 },
  { daysAgo: 11, name: 'Helen Okafor', role: 'auditor' },
];

const ASKER: Asker = {
  principal: { kind: 'client', clientId: 'demo', customerId: null, permissions: new Set(ROLE_PERMISSIONS.owner) },
  origin: ORIGIN,
};

/**
 * People who were invited. None of them has a password or a link that anybody knows; the owner is whoever uses the link
 * of the first run.
 */
export const operatorEpisodes: readonly Episode[] = OPERATORS.map(({ daysAgo, name, role, suspendedDaysAgo }) => ({
  daysAgo,
  async happen({ tx }, now) {
    const email = `${name.split(' ')[0]?.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()}@operators.example`;
    const id = await inviteOperator(tx, ASKER, { email, name, role }, now);
    if (suspendedDaysAgo !== undefined) await updateOperator(tx, ASKER, id, { status: 'suspended' }, undefined);
  },
}));
