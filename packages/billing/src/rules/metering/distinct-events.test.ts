import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { distinctEvents, type NamedEvent, resultsOf } from './distinct-events.js';

const named = fc.record({
  owner: fc.constantFrom('', 'cus_1'),
  source: fc.constantFrom('a', 'b'),
  id: fc.constantFrom('1', '2', '3', '4'),
  digest: fc.constantFrom('x', 'y'),
});
const nameOf = ({ owner, source, id }: NamedEvent) => `${source} ${id} ${owner}`;

/** What the database does, one event after the other: the first of a name is kept. */
function oneByOne(given: readonly NamedEvent[], before: ReadonlyMap<string, string>): string[] {
  const kept = new Map(before);
  return given.map((event) => {
    const digest = kept.get(nameOf(event));
    if (digest === undefined) kept.set(nameOf(event), event.digest);
    if (digest === undefined) return 'accepted';
    return digest === event.digest ? 'duplicate' : 'conflict';
  });
}

describe('distinctEvents and resultsOf', () => {
  test('many at once have the results that they would have one after the other', () => {
    const past = fc.dictionary(fc.constantFrom('a 1 ', 'a 2 cus_1', 'b 3 '), fc.constantFrom('x', 'y'));
    fc.assert(
      fc.property(fc.array(named, { maxLength: 30 }), past, (given, kept) => {
        const before = new Map(Object.entries(kept));
        const distinct = distinctEvents(given);
        const digests = distinct.events.map((event) => before.get(nameOf(event)) ?? null);
        expect(resultsOf(given, distinct, digests)).toEqual(oneByOne(given, before));
      }),
    );
  });

  test('everybody claims names in one order, so that none waits in a circle', () => {
    fc.assert(
      fc.property(fc.array(named, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (given, keys) => {
        const names = (events: readonly NamedEvent[]) => distinctEvents(events).events.map(nameOf);
        const shuffled = given.map((event) => ({ event, key: keys.next().value ?? 0 })).sort((a, b) => a.key - b.key);
        expect(names(shuffled.map(({ event }) => event))).toEqual(names(given));
        expect(new Set(names(given)).size).toBe(names(given).length);
      }),
    );
  });
});
