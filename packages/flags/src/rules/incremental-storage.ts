import { FeatureFlag, type FeatureFlag as Flag, type Storage } from '@openfeature/flagd-core';
import type { FlagdDocument, FlagdFlag, Logic } from './flagd-document.js';

const SILENT = { error: ignore, warn: ignore, info: ignore, debug: ignore };
function ignore(): void {
  // What is wrong with an evaluation stands in its result.
}

/** Flags ready to be evaluated. What stays the same in the next document is not made ready again. */
export class IncrementalStorage implements Storage {
  private flags = new Map<string, Flag>();
  private texts = new Map<string, string>();
  private metadata: Readonly<Record<string, string | number | boolean>> = {};

  getFlag(key: string): Flag | undefined {
    return this.flags.get(key);
  }

  getFlags(): Map<string, Flag> {
    return this.flags;
  }

  getFlagSetMetadata() {
    return this.metadata;
  }

  /** @param configuration a document as JSON @returns the keys of flags that are new, changed or gone */
  setConfigurations(configuration: string): string[] {
    return this.setDocument(JSON.parse(configuration) as FlagdDocument);
  }

  /** The same of a document that is parsed already. */
  setDocument(document: FlagdDocument): string[] {
    const { flags: before, texts: old } = this;
    this.flags = new Map();
    this.texts = new Map();
    this.metadata = document.metadata ?? {};
    const changed = [...before.keys()].filter((key) => !Object.hasOwn(document.flags, key));
    for (const [key, flag] of Object.entries(document.flags)) {
      const resolved = resolve(flag, document.$evaluators ?? {});
      const text = JSON.stringify(resolved);
      const known = old.get(key) === text ? before.get(key) : undefined;
      if (known === undefined) changed.push(key);
      this.flags.set(key, known ?? new FeatureFlag(key, resolved as never, SILENT));
      this.texts.set(key, text);
    }
    return changed;
  }
}

/** References replaced by what they stand for: as values, not as text, in which a `$` would mean something. */
function resolve(flag: FlagdFlag, evaluators: Readonly<Record<string, Logic>>): FlagdFlag {
  return flag.targeting === undefined ? flag : { ...flag, targeting: resolved(flag.targeting, evaluators) };
}

function resolved(logic: Logic, evaluators: Readonly<Record<string, Logic>>): Logic {
  if (typeof logic !== 'object' || logic === null) return logic;
  if (Array.isArray(logic)) return logic.map((part: Logic) => resolved(part, evaluators));
  const { $ref, ...rest } = logic as { readonly [operator: string]: Logic };
  if (typeof $ref === 'string') return evaluators[$ref] ?? false;
  return Object.fromEntries(Object.entries(rest).map(([operator, part]) => [operator, resolved(part, evaluators)]));
}
