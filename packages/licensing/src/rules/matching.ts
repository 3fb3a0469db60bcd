import type { MatchingStrategy } from '@bastionary/contracts/license-policies';

/** How many of the fingerprints that are asked about must be known. Of two, one alone is never enough. */
export function neededMatches(strategy: MatchingStrategy, asked: number): number {
  switch (strategy) {
    case 'MATCH_TWO':
      return 2;
    case 'MATCH_MOST':
      return Math.ceil(asked / 2);
    case 'MATCH_ALL':
      return asked;
    default:
      return 1;
  }
}

/** Whether enough of the fingerprints are known. A fingerprint that is named twice counts once. */
export function isMatch(strategy: MatchingStrategy, asked: readonly string[], known: readonly string[]): boolean {
  const distinct = new Set(asked);
  const matches = [...distinct.intersection(new Set(known))].length;
  return matches >= neededMatches(strategy, distinct.size);
}
