import { isJsonObject, type JsonObject } from '@bastionary/licensing/rules/formats/base64';
import type { FileKind } from '@bastionary/licensing/rules/formats/license-file';
import { instantOf } from '@bastionary/licensing/rules/formats/machine-clock';

/** What a JSON:API document of a licence or machine file says, as far as it decides something. */
export interface FileContent {
  readonly data: JsonObject;
  readonly included: readonly JsonObject[];
  readonly meta: JsonObject;
  readonly licenseId: string | null;
  readonly licenseKey: string | null;
  readonly licenseExpiry: unknown;
  readonly fingerprint: string | null;
}

/** Null: it is not the document of such a file. */
export function readContent(kind: FileKind, payload: JsonObject): FileContent | null {
  const data = object(payload.data);
  const included = Array.isArray(payload.included) ? payload.included.filter(isJsonObject) : [];
  if (data.type !== `${kind}s`) return null;
  const license = kind === 'license' ? data : object(included.find((one) => one.type === 'licenses'));
  const named = kind === 'license' ? data : object(object(object(data.relationships).license).data);
  const { key, expiry } = object(license.attributes);
  return {
    data,
    included,
    meta: object(payload.meta),
    licenseId: text(named.id) ?? text(license.id),
    licenseKey: text(key),
    licenseExpiry: expiry,
    fingerprint: text(object(data.attributes).fingerprint),
  };
}

/** What the licence entitles to at `now`, by code. One without a value is simply there: true. */
export function entitlementsOf(included: readonly JsonObject[], now: number): Record<string, unknown> {
  const entries = included
    .filter((one) => one.type === 'entitlements')
    .map((one) => object(one.attributes))
    .map(({ code, metadata }) => ({ ...object(metadata), code }) as JsonObject)
    .filter(({ expiry }) => now <= (instantOf(expiry) ?? now))
    .flatMap(({ code, value = true }) => (typeof code === 'string' ? [[code, value] as const] : []));
  return Object.fromEntries(entries);
}

const object = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
