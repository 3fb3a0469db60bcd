import type { Follow } from '@bastionary/entitlements/actions/refresh-entitlements';
import { followEntitlements } from '@bastionary/licensing/actions/follow-entitlements';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';

let encryptionKeys: KeyEncryptionKeys | undefined;

/** Gives the rooms that follow what they need to make secrets of their own. To be called before anything is changed. */
export function equipFollowers(keys: KeyEncryptionKeys): void {
  encryptionKeys = keys;
}

const followLicenses: Follow = (tx, change) => {
  if (encryptionKeys === undefined) throw new Error('equipFollowers was not called');
  return followEntitlements(tx, change, encryptionKeys);
};

/** The rooms that change together with a customer's snapshot, in the same transaction. The worker has the same list. */
export const FOLLOWERS: readonly Follow[] = [followLicenses];
