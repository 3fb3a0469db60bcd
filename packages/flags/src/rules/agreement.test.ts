import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FlagdCore } from '@openfeature/flagd-core';
import fc from 'fast-check';
import { arbitraryContext, arbitraryModel, arbitraryPlatform, NOW } from '../../test/arbitrary-model.js';
import { compileDocument } from './compile.js';
import { derivedAttributes, withDerived } from './derived.js';
import { evaluate } from './evaluate.js';
import { IncrementalStorage } from './incremental-storage.js';
import { publishedDocument } from './published-document.js';
import { traceFlag } from './trace.js';
import { trustedContext } from './trusted-context.js';

const PAIRS = Number(process.env.FLAG_PAIRS ?? 4_000);
const CONTEXTS = 10;
const realNow = Date.now;

// flagd-core asks the clock itself.
beforeAll(() => {
  Date.now = () => NOW;
});
afterAll(() => {
  Date.now = realNow;
});

const LABELS: Record<string, string> = { SPLIT: 'TARGETING_MATCH', DISABLED: 'TARGETING_MATCH' };

describe('whoever evaluates', () => {
  test('agrees: the evaluator that explains, flagd-core on the document, and a program with its own document', () => {
    const contexts = fc.array(fc.tuple(arbitraryContext, arbitraryPlatform), {
      minLength: CONTEXTS,
      maxLength: CONTEXTS,
    });
    fc.assert(
      fc.property(arbitraryModel, contexts, (model, pairs) => {
        const storage = new IncrementalStorage();
        storage.setConfigurations(JSON.stringify(compileDocument(model)));
        const core = new FlagdCore(storage);
        for (const [sent, platform] of pairs) {
          const { context } = trustedContext(sent, platform);
          // What a program's SDK leaves of it: the server has told the rest.
          const { context: bare } = trustedContext(sent, {});
          const own = new FlagdCore();
          own.setConfigurations(JSON.stringify(publishedDocument(model, platform).document));
          for (const key of model.flags.keys()) {
            const decision = evaluate(model, key, context, NOW);
            const compiled = core.resolveStringEvaluation(key, 'error', withDerived(model, key, context, NOW) as never);
            expect([compiled.errorMessage, compiled.value]).toEqual([undefined, decision?.value]);
            expect(compiled.variant).toBe(decision?.variant);
            const reason = decision?.reason ?? '';
            if (compiled.reason === 'TARGETING_MATCH')
              expect(LABELS[reason] ?? 'TARGETING_MATCH').toBe('TARGETING_MATCH');
            expect(traceFlag(model, key, context, NOW)?.decision).toEqual(decision);
            if (derivedAttributes(model, key).length > 0) expect(own.getFlag(key)).toBeUndefined();
            else expect(own.resolveStringEvaluation(key, 'error', bare as never).value).toBe(decision?.value);
          }
        }
      }),
      { numRuns: Math.ceil(PAIRS / CONTEXTS / 4), ...(PAIRS > 10_000 && { endOnFailure: true }) },
    );
  }, 3_600_000);
});
