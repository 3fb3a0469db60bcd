import type { CheckOutRequest } from '@bastionary/contracts/licenses';
import { getCustomer } from '@bastionary/entitlements/actions/find-customer';
import type { LicenseRow } from '@bastionary/licensing/actions/find-license';
import { type MachineRow, toMachines } from '@bastionary/licensing/actions/find-machine';
import { getPolicy, toKnownPolicy } from '@bastionary/licensing/actions/find-policy';
import { getProduct } from '@bastionary/licensing/actions/find-product';
import { toLicenses } from '@bastionary/licensing/actions/to-licenses';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Reader } from '@bastionary/prisma/client';
import {
  componentResource,
  entitlementResource,
  licenseResource,
  machineResource,
  type Place,
  type Resource,
} from './machine-face/documents.js';

interface Document {
  readonly data: Resource;
  readonly included?: readonly Resource[];
}

/** What stands in a licence or machine file, as the machine-facing protocol tells it. */
export async function fileDocument(
  db: Reader,
  row: LicenseRow,
  machineRow: MachineRow | undefined,
  { include }: Pick<CheckOutRequest, 'include'>,
  { encryptionKeys, ...place }: Place & { readonly encryptionKeys: KeyEncryptionKeys },
): Promise<Document> {
  const [license] = await toLicenses(db, [row], { now: new Date(), encryptionKeys });
  const policy = toKnownPolicy(await getPolicy(db, row.policyId));
  if (license === undefined) throw new Error('a licence has gone while it was looked at');
  const [machine] = machineRow === undefined ? [] : await toMachines(db, [machineRow]);
  const parts: Record<CheckOutRequest['include'][number], () => Resource[] | Promise<Resource[]>> = {
    entitlements: () => license.entitlements.map((one) => entitlementResource(one, license, place)),
    policy: () => [{ id: policy.id, type: 'policies', attributes: { name: policy.name } }],
    product: async () => {
      const { id, name, code } = await getProduct(db, policy.product);
      return [{ id, type: 'products', attributes: { name, code } }];
    },
    customer: async () => {
      if (row.customerId === null) return [];
      const { id, name, email } = await getCustomer(db, row.customerId);
      return [{ id, type: 'users', attributes: { name, email } }];
    },
    users: () => license.users.map(({ id, email }) => ({ id, type: 'users', attributes: { email } })),
    license: () => (machine === undefined ? [] : [licenseResource(license, policy, place)]),
    components: () => (machine?.components ?? []).map((one) => componentResource(one, machine as never, place)),
  };
  const included: Resource[] = [];
  for (const name of new Set(include)) included.push(...(await parts[name]()));
  const data =
    machine === undefined ? licenseResource(license, policy, place) : machineResource(machine, policy, place);
  return { data, ...(include.length > 0 && { included }) };
}
