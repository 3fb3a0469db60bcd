import type { SearchHit } from '@bastionary/contracts/search';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { SEARCH_MIN, searchQuery } from '../../api/search';
import { destinationOf, KINDS } from './destination-of';
import { type Entry, matching, type Section } from './entry';
import { useOwnEntries } from './own-entries';
import { recentHits } from './recent-entries';

const TYPING_MS = 150;

const toEntry = (hit: SearchHit): Entry => ({
  id: `${hit.kind}-${hit.id}`,
  label: hit.name,
  detail: hit.detail,
  icon: KINDS[hit.kind].icon,
  act: destinationOf(hit),
  hit,
});

/** What the palette shows for a text: what was chosen lately, pages and actions, and what the api finds. */
export const useSections = (typed: string) => {
  const text = typed.trim();
  const [asked] = useDebouncedValue(text, TYPING_MS);
  const { pages, actions } = useOwnEntries();
  const search = useQuery({ ...searchQuery(asked), placeholderData: keepPreviousData });
  const isSearching = text.length >= SEARCH_MIN;
  const hits = isSearching ? (search.data ?? []) : [];

  const sections: Section[] =
    text === ''
      ? [
          { label: 'Recent', entries: recentHits().map(toEntry) },
          { label: 'Pages', entries: pages },
          { label: 'Actions', entries: actions },
        ]
      : [
          { label: 'Pages', entries: matching(pages, text) },
          { label: 'Actions', entries: matching(actions, text) },
          ...Object.entries(KINDS).map(([kind, { label }]) => ({
            label,
            entries: hits.filter((hit) => hit.kind === kind).map(toEntry),
          })),
        ];
  return {
    sections: sections.filter(({ entries }) => entries.length > 0),
    isWaiting: isSearching && (search.isFetching || asked !== text),
    error: isSearching ? search.error : null,
  };
};
