import { type CheckOutRequest, checkOutRequest } from '@bastionary/contracts/licenses';
import type { CheckOutBody, CheckOutQuery } from '@bastionary/contracts/machine-face';
import { MachineFault } from '../../../platform/machine-answer.js';

/** What may be put into a file, as the protocol calls it, and as we do. */
const INCLUDES: Readonly<Record<string, CheckOutRequest['include']>> = {
  entitlements: ['entitlements'],
  product: ['product'],
  policy: ['policy'],
  owner: ['customer'],
  user: ['customer'],
  users: ['users'],
  license: ['license'],
  components: ['components'],
  'license.entitlements': ['entitlements'],
  'license.product': ['product'],
  'license.policy': ['policy'],
  'license.owner': ['customer'],
  'license.users': ['users'],
  // There is neither here, so nothing is put in for them.
  group: [],
  environment: [],
};

/** `base64+ed25519` and the like, as the protocol writes algorithms; or the way of signing alone. */
const ALGORITHM = /^(?:(base64|aes-256-gcm)\+)?(ed25519|rsa-pss-sha256|rsa-sha256|ecdsa-p256)$/;

/** What the options of a check-out ask for, from the address or the body; the address wins. @throws MachineFault */
export function checkOutWish(query: CheckOutQuery, body: CheckOutBody): CheckOutRequest {
  const { meta = {} } = body;
  const encrypts = query.encrypt === undefined ? meta.encrypt : query.encrypt !== '0' && query.encrypt !== 'false';
  const ttl = query.ttl === undefined ? meta.ttl : query.ttl === 'null' ? null : query.ttl;
  const include = query.include === undefined ? (meta.include ?? []) : includesOf(query.include);
  const named = query.algorithm ?? meta.algorithm;
  const [, encryption, algorithm] = named === undefined ? [] : (ALGORITHM.exec(named) ?? [undefined, undefined, named]);
  return checkOutRequest.parse({
    encrypt: encryption === undefined ? (encrypts ?? false) : encryption === 'aes-256-gcm',
    ...(ttl !== undefined && { ttl }),
    include,
    ...(algorithm !== undefined && { algorithm: known(algorithm) }),
  });
}

function known(algorithm: string): string {
  if (ALGORITHM.test(algorithm)) return algorithm;
  throw new MachineFault(400, 'PARAMETERS_INVALID', `The algorithm ${algorithm} is not known`, '/meta/algorithm');
}

function includesOf(list: string): CheckOutRequest['include'] {
  const names = list.split(',').filter((name) => name !== '');
  return [
    ...new Set(
      names.flatMap((name) => {
        if (Object.hasOwn(INCLUDES, name)) return INCLUDES[name] ?? [];
        throw new MachineFault(400, 'PARAMETERS_INVALID', `${name} cannot be included`);
      }),
    ),
  ];
}
