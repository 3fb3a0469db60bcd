import { type SearchHit, searchHit } from '@bastionary/contracts/search';
import { z } from 'zod';

const KEY = 'bastionary-recent';
const KEPT = 5;
const stored = z.array(searchHit).catch([]);

/** What was chosen lately, the latest first. For this tab only: names of customers are not to stay on a computer. */
export const recentHits = (): SearchHit[] => {
  try {
    return stored.parse(JSON.parse(sessionStorage.getItem(KEY) ?? '[]'));
  } catch {
    return [];
  }
};

export const rememberHit = (hit: SearchHit): void => {
  const others = recentHits().filter(({ kind, id }) => kind !== hit.kind || id !== hit.id);
  sessionStorage.setItem(KEY, JSON.stringify([hit, ...others].slice(0, KEPT)));
};

export const forgetRecent = (): void => sessionStorage.removeItem(KEY);
