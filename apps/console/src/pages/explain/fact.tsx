import { ObjectLink } from '../../ui/object-link';
import { Time } from '../../ui/time';

const PARTS = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z|\b(?:cus|sub|lic|pol)_[0-9a-z]{26}\b)/;

/** A sentence of the api: its instants in the reader's time, its ids as links. */
export const Fact = ({ words }: { words: string }) =>
  words.split(PARTS).map((part, index) => {
    // Every second part is one that was looked for.
    if (index % 2 === 0) return part;
    return part.includes('_') ? <ObjectLink key={index} id={part} /> : <Time key={index} value={part} as="date-time" />;
  });
