import { compileFor } from './compile.js';
import { derivedAttributes } from './derived.js';
import type { FlagdDocument } from './flagd-document.js';
import type { EnvironmentModel, Platform } from './model.js';

/**
 * The document for a program that evaluates by itself: without the flags that only the server can evaluate, and with what
 * the server knows of the caller worked out, since nobody there could vouch for it.
 * @returns the document, whose metadata names what is left out, and those keys
 */
export function publishedDocument(
  model: EnvironmentModel,
  platform: Platform,
): { document: FlagdDocument; omitted: string[] } {
  const [omitted, keys]: [string[], string[]] = [[], []];
  for (const key of model.flags.keys()) (derivedAttributes(model, key).length > 0 ? omitted : keys).push(key);
  const document = compileFor(model, platform, keys);
  if (omitted.length === 0) return { document, omitted };
  return { document: { ...document, metadata: { ...document.metadata, omitted: omitted.sort().join(',') } }, omitted };
}
