import type { Context, Json, Platform } from './model.js';

/** Names that every object has in JavaScript: as attributes they could only mislead. */
const INHERITED = new Set(['__proto__', 'constructor', 'prototype', 'toString', 'valueOf']);

/**
 * What is evaluated: the attributes an application sent, without those only the server may say, and what the server says.
 * @param sent parsed JSON, bounded in size and depth by the caller
 * @returns the context, and the names that were dropped
 */
export function trustedContext(sent: Context, platform: Platform): { context: Context; dropped: string[] } {
  const dropped: string[] = [];
  const context: Record<string, Json> = {};
  for (const name of Object.keys(sent)) {
    if (name.startsWith('$') || INHERITED.has(name)) dropped.push(name);
    else context[name] = plain(sent[name] as Json);
  }
  context.$platform = platform as Json;
  return { context, dropped };
}

function plain(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const names = Object.keys(value).filter((name) => !INHERITED.has(name));
  return Object.fromEntries(names.map((name) => [name, plain((value as Record<string, Json>)[name] as Json)]));
}

/** What the server knows of a caller. */
export interface KnownCaller {
  readonly customer: string | null;
  readonly client: string | null;
  /** `plan@version` */
  readonly plans: readonly string[];
  readonly features: Readonly<Record<string, unknown>>;
  readonly license: Platform['license'] | null;
}

/** `$platform` of a caller: plans without their version, features with colons for dots. */
export function toPlatform({ customer, client, plans, features, license }: KnownCaller): Platform {
  const keys = [...new Set(plans.map((plan) => plan.replace(/@.*$/, '')))];
  const entitlements = Object.entries(features).map(([key, value]) => [entitlementName(key), value as Json]);
  return {
    ...(customer !== null && { customer }),
    ...(client !== null && { client }),
    ...(keys[0] !== undefined && { plan: keys[0] }),
    plans: keys,
    entitlements: Object.fromEntries(entitlements),
    ...(license && { license }),
  };
}

const ENTITLEMENTS = '$platform.entitlements.';
const entitlementName = (feature: string): string => feature.replaceAll('.', ':');

/** The path under which the value of an attribute lies: dots in the key of a feature do not separate. */
export function pathOf(attribute: string): string {
  if (!attribute.startsWith(ENTITLEMENTS)) return attribute;
  return ENTITLEMENTS + entitlementName(attribute.slice(ENTITLEMENTS.length));
}

/** The attribute that has a path: the reverse of `pathOf`. */
export function attributeOf(path: string): string {
  return path.startsWith(ENTITLEMENTS) ? path.replaceAll(':', '.') : path;
}

/** The path of the entitlement that opens a flag. */
export const entitlementPath = (feature: string): string => pathOf(ENTITLEMENTS + feature);

/** Whether a value is nested deeper than so many levels. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}
