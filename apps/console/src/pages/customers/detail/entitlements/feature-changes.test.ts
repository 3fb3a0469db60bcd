import type { Feature } from '@bastionary/contracts/entitlements';
import { describe, expect, test } from '@jest/globals';
import { changesBetween, typeIn } from './feature-changes';

const feature = (key: string, type: Feature['type']) => ({ key, type }) as Feature;
const catalogue = [feature('api', 'switch'), feature('calls', 'limit'), feature('region', 'value')];

test.each([
  [{ api: false }, { api: true }, [['api', 'gained', false, true]]],
  [{ api: true }, { api: false }, [['api', 'lost', true, false]]],
  [{ calls: 1_000 }, { calls: 5_000 }, [['calls', 'gained', 1_000, 5_000]]],
  [{ calls: 1 }, { calls: null }, [['calls', 'gained', 1, null]]],
  [{ calls: null }, { calls: 1 }, [['calls', 'lost', null, 1]]],
  [{ region: 'eu' }, { region: 'us' }, [['region', 'changed', 'eu', 'us']]],
  [{}, { region: 'us' }, [['region', 'gained', null, 'us']]],
  [{ gone: 3 }, {}, [['gone', 'lost', 3, 0]]],
  [{ gone: true }, {}, [['gone', 'lost', true, false]]],
  [{ api: true, calls: 1 }, { calls: 1, api: true }, []],
  [
    { api: true, calls: 1, region: 'eu' },
    { api: false, calls: 2, region: 'us' },
    [
      ['api', 'lost', true, false],
      ['calls', 'gained', 1, 2],
      ['region', 'changed', 'eu', 'us'],
    ],
  ],
])('from %j to %j', (before, after, expected) => {
  const changes = changesBetween({ features: before }, { features: after }, catalogue);
  expect(changes.map(({ feature, kind, from, to }) => [feature, kind, from, to])).toEqual(expected);
});

describe('the type of a feature', () => {
  test.each([
    ['calls', [true], 'limit'],
    ['gone', [true], 'switch'],
    ['gone', [undefined, 3], 'limit'],
    ['gone', ['a', null], 'value'],
  ])('%s with the values %j is a %s', (key, values, type) => {
    expect(typeIn(catalogue)(key, ...values)).toBe(type);
  });
});
