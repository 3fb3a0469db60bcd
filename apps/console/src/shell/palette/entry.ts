import type { SearchHit } from '@bastionary/contracts/search';
import type { TablerIcon } from '@tabler/icons-react';
import type { Destination } from './destination-of';

/** One line of the palette. */
export interface Entry {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | null;
  readonly icon: TablerIcon;
  /** Where it leads, or what it does. */
  readonly act: Destination | (() => void);
  /** What the api has found; remembered when it is chosen. */
  readonly hit?: SearchHit;
}

export interface Section {
  readonly label: string;
  readonly entries: readonly Entry[];
}

/** The entries whose label has every word of a text; those that begin with it first. */
export function matching(entries: readonly Entry[], text: string): Entry[] {
  const words = text.toLowerCase().split(/\s+/);
  const labelOf = ({ label }: Entry) => label.toLowerCase();
  const begins = (entry: Entry) => Number(labelOf(entry).startsWith(words[0] ?? ''));
  return entries
    .filter((entry) => words.every((word) => labelOf(entry).includes(word)))
    .sort((one, other) => begins(other) - begins(one));
}
