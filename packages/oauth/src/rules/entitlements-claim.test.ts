import { expect, test } from '@jest/globals';
import { entitlementsClaim } from './entitlements-claim.js';

const entitlements = { epoch: 3, hash: 'h', features: { größe: 'x'.repeat(88) } };
const bytes = Buffer.byteLength(JSON.stringify(entitlements.features));

test('features as large as allowed stand in the claim', () => {
  expect(entitlementsClaim({ ...entitlements, status: 'active' } as never, bytes)).toEqual(entitlements);
});

test('one byte more, and epoch and hash are all it says', () => {
  expect(entitlementsClaim(entitlements, bytes - 1)).toEqual({ epoch: 3, hash: 'h' });
});
