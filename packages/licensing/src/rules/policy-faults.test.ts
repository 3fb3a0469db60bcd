import type { LicenseScheme, PolicyTerms } from '@bastionary/contracts/license-policies';
import { describe, expect, test } from '@jest/globals';
import { termsOf } from '../../test/sample-license.js';
import { policyChangeFaults, transferFaults } from './policy-change.js';
import { limitFaults, policyFaults } from './policy-faults.js';

const paths = (faults: readonly { path: string }[]) => faults.map(({ path }) => path);

test.each<[Partial<PolicyTerms>, string[]]>([
  [{}, []],
  [{ max_machines: 1 }, []],
  [{ max_machines: 2 }, ['/max_machines']],
  [{ max_machines: 2, floating: true }, []],
  [{ overage_strategy: 'ALLOW_1_25X_OVERAGE' }, ['/overage_strategy']],
  [{ overage_strategy: 'ALLOW_1_5X_OVERAGE' }, ['/overage_strategy']],
  [{ overage_strategy: 'ALLOW_2X_OVERAGE' }, []],
  [{ floating: true, overage_strategy: 'ALLOW_1_25X_OVERAGE', max_machines: 8, max_users: null }, []],
  [
    { floating: true, overage_strategy: 'ALLOW_1_25X_OVERAGE', max_machines: 6, max_cores: 8, max_users: 2 },
    ['/max_machines', '/max_users'],
  ],
  [{ floating: true, overage_strategy: 'ALLOW_1_5X_OVERAGE', max_machines: 6, max_processes: 3 }, ['/max_processes']],
  [{ heartbeat_resurrection_strategy: 'ALWAYS_REVIVE' }, ['/heartbeat_resurrection_strategy']],
  [{ heartbeat_resurrection_strategy: 'ALWAYS_REVIVE', heartbeat_cull_strategy: 'KEEP_DEAD' }, []],
  [{ heartbeat_resurrection_strategy: '15_MINUTE_REVIVE' }, []],
  [{ require_check_in: true }, ['/check_in_interval']],
  [{ check_in_interval_count: 2 }, ['/check_in_interval']],
  [{ require_check_in: true, check_in_interval: 'week' }, []],
  [{ grace_duration: 60, expiration_strategy: 'MAINTAIN_ACCESS' }, ['/grace_duration']],
  [{ grace_duration: 60, expiration_strategy: 'REVOKE_ACCESS' }, []],
])('a policy of %j has faults at %j', (terms, expected) => {
  expect(paths(policyFaults(termsOf(terms)))).toEqual(expected);
});

test('a licence of a node-locked policy cannot have several machines', () => {
  const own = [{}, { max_machines: 1 }, { max_machines: 2 }, { max_machines: null }];
  expect(own.map((limits) => paths(limitFaults(termsOf(), limits)))).toEqual([
    [],
    [],
    ['/max_machines'],
    ['/max_machines'],
  ]);
  expect(limitFaults(termsOf({ floating: true }), { max_machines: 2 })).toEqual([]);
});

describe('from one policy to another', () => {
  const policy = (terms: Partial<PolicyTerms> = {}, scheme: LicenseScheme | null = null, productId = 'prd_1') => ({
    ...{ productId, scheme },
    terms: termsOf(terms),
  });

  test('product and scheme must be the same, uniqueness not stricter', () => {
    expect(transferFaults(policy(), policy({ max_machines: 1 }))).toEqual([]);
    const other = policy({ machine_uniqueness_strategy: 'UNIQUE_PER_ACCOUNT' }, 'ED25519_SIGN', 'prd_2');
    expect(transferFaults(policy(), other).map(({ message }) => message)).toEqual([
      'must be of the same product',
      'must have the same scheme: the key was made with it',
      'must not have a stricter machine_uniqueness_strategy',
    ]);
    expect(transferFaults(policy({ machine_uniqueness_strategy: 'UNIQUE_PER_ACCOUNT' }), policy())).toEqual([]);
  });

  test('the uniqueness of a policy becomes stricter only while no licence is made under it', () => {
    const after = termsOf({ component_uniqueness_strategy: 'UNIQUE_PER_LICENSE' });
    expect(policyChangeFaults(termsOf(), after, 0)).toEqual([]);
    expect(paths(policyChangeFaults(termsOf(), after, 1))).toEqual(['/component_uniqueness_strategy']);
    expect(policyChangeFaults(after, termsOf(), 1)).toEqual([]);
  });
});
