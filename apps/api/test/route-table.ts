import { readFileSync } from 'node:fs';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}
interface Operation {
  security?: Record<string, unknown>[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  'x-permission'?: string;
  'x-open-to-customers'?: 'path' | 'body' | 'query' | 'nobody';
  'x-step-up'?: boolean;
}
const document = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

/** Every route of the document, so that none is forgotten: a test that goes through them all meets a new one too. */
export const routes = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    permission: operation['x-permission'],
    openToCustomers: operation['x-open-to-customers'],
    stepUp: operation['x-step-up'] === true,
    schemes: (operation.security ?? []).flatMap((one) => Object.keys(one)),
    body: operation.requestBody?.content['application/json']?.schema,
  })),
);
export type Route = (typeof routes)[number];

/** The routes that take a permission. */
export const management = routes.filter(({ permission }) => permission !== undefined);
export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method} ${path}`;
export const cases = (some: readonly Route[]) => some.map((route) => [nameOf(route), route] as const);
export const takesBody = ({ method }: Pick<Route, 'method'>) => ['POST', 'PATCH', 'PUT'].includes(method);

/** Ids that have the right form and are nobody's. */
export const UNKNOWN_IDS: Readonly<Record<string, string>> = {
  client_id: 'nobody',
  credential_id: 'crd_00000000000000000000000000',
  resource_id: 'res_00000000000000000000000000',
  customer_id: 'cus_00000000000000000000000000',
  feature: 'nothing',
  key: 'nothing',
  version: '99',
  threshold_id: 'thr_00000000000000000000000000',
  reservation_id: 'rsv_00000000000000000000000000',
  subscription_id: 'sub_00000000000000000000000000',
  change_id: 'sch_00000000000000000000000000',
  invoice_id: 'inv_00000000000000000000000000',
  payment_id: 'pay_00000000000000000000000000',
  series: 'NOTHING',
  credit_note_id: 'crn_00000000000000000000000000',
  credit_id: 'wcr_00000000000000000000000000',
  coupon_id: 'ccp_00000000000000000000000000',
  operator_id: 'opr_00000000000000000000000000',
  session_id: 'ses_00000000000000000000000000',
  passkey_id: 'pky_00000000000000000000000000',
  webhook_id: 'whe_00000000000000000000000000',
  reconciliation_id: 'rec_00000000000000000000000000',
  position: '999999',
  delivery_id: 'whd_00000000000000000000000000',
  policy_id: 'pol_00000000000000000000000000',
  product_id: 'prd_00000000000000000000000000',
  license_id: 'lic_00000000000000000000000000',
  machine_id: 'mch_00000000000000000000000000',
  license_token_id: 'ltk_00000000000000000000000000',
  account: '00000000-0000-4000-8000-000000000000',
  license: 'lic_00000000000000000000000000',
  machine: 'mch_00000000000000000000000000',
  component: 'cmp_00000000000000000000000000',
  process: 'prc_00000000000000000000000000',
  environment: 'nowhere',
  flag_key: 'nothing',
  segment_key: 'nothing',
  key_id: 'fck_00000000000000000000000000',
};

/** The address of a route. A parameter that nobody has thought of fails, so that a new one is thought of. */
export function pathWith(path: string, ids: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const id = ids[name] ?? UNKNOWN_IDS[name];
    if (id === undefined) throw new Error(`no id for {${name}} of ${path}: say in route-table.ts what it looks like`);
    return id;
  });
}

/** A schema without references; the alternatives of one that has some. */
export function resolved(schema: Schema): Schema[] {
  if (schema.$ref !== undefined) {
    const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
    if (found === undefined) throw new Error(`${schema.$ref} is not in the document`);
    return resolved(found);
  }
  const branches = schema.anyOf ?? schema.oneOf;
  return branches === undefined ? [schema] : branches.flatMap(resolved);
}
