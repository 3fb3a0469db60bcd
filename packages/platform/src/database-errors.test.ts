import { describe, expect, test } from '@jest/globals';
import { isDatabaseAway, isDatabaseBusy } from './database-errors.js';

const withCode = (code: string) => Object.assign(new Error('failed'), { code });

describe('isDatabaseAway', () => {
  test.each([
    '08006',
    '08001',
    '57P01',
    '57P02',
    '57P03',
    '53300',
    '53400',
    '58030',
    '55P03',
    '25P03',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'P1001',
    'P1017',
    'P2024',
    'P2028',
  ])('%s means not now', (code) => {
    expect(isDatabaseAway(withCode(code))).toBe(true);
  });

  test.each([
    '23505',
    '23503',
    '22021',
    '22P02',
    '40001',
    '40P01',
    '42P01',
    '42601',
    '57014',
    'P2002',
    'P2025',
    'ENOENT',
  ])('%s is an answer of the database, or no matter of it', (code) => {
    expect(isDatabaseAway(withCode(code))).toBe(false);
  });

  test.each([
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Connection terminated unexpectedly',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'the database system is not accepting connections',
  ])('the message "%s" means not now', (message) => {
    expect(isDatabaseAway(new Error(message))).toBe(true);
  });

  test('however deep the cause lies', () => {
    expect(isDatabaseAway(new Error('outer', { cause: new Error('inner', { cause: withCode('57P01') }) }))).toBe(true);
    const prisma = Object.assign(withCode('P2010'), {
      meta: { driverAdapterError: new Error('adapter', { cause: { originalCode: '57P03', kind: 'postgres' } }) },
    });
    expect(isDatabaseAway(prisma)).toBe(true);
    expect(isDatabaseAway(Object.assign(new Error('adapter'), { cause: { kind: 'DatabaseNotReachable' } }))).toBe(true);
  });

  test('an error that causes itself does not hang', () => {
    const error = new Error('round') as Error & { cause?: unknown };
    error.cause = error;
    expect(isDatabaseAway(error)).toBe(false);
  });

  test.each([undefined, null, 'ECONNREFUSED', 7, {}, new Error('no such thing')])('%p says nothing', (thrown) => {
    expect(isDatabaseAway(thrown)).toBe(false);
  });
});

describe('isDatabaseBusy', () => {
  test.each(['57014', '40001', '40P01', 'P2034'])('%s may well succeed the next time', (code) => {
    expect([isDatabaseBusy(withCode(code)), isDatabaseAway(withCode(code))]).toEqual([true, false]);
  });

  test.each(['23505', '57P01', 'P2002', 'P2028'])('%s is no such matter', (code) => {
    expect(isDatabaseBusy(withCode(code))).toBe(false);
  });

  test('however deep the cause lies', () => {
    const adapter = (cause: object) => Object.assign(withCode('P2010'), { meta: { driverAdapterError: { cause } } });
    expect(isDatabaseBusy(adapter({ originalCode: '57014', kind: 'postgres' }))).toBe(true);
    expect(isDatabaseBusy(adapter({ kind: 'TransactionWriteConflict' }))).toBe(true);
    expect(isDatabaseBusy(adapter({ kind: 'UniqueConstraintViolation' }))).toBe(false);
  });
});
