import type { EventResult } from '@bastionary/contracts/usage';

/** What makes two events the same, or not. */
export interface NamedEvent {
  /** Whose names these are: empty for the installation, else a customer. */
  readonly owner: string;
  readonly source: string;
  readonly id: string;
  readonly digest: string;
}

/** Events by their names, in the one order in which all writers claim them, so that none waits in a circle. */
export interface DistinctEvents<Event> {
  /** The first of each name. */
  readonly events: readonly Event[];
  /** Of every event given: the place of its name in `events`. */
  readonly places: readonly number[];
}

export function distinctEvents<Event extends NamedEvent>(given: readonly Event[]): DistinctEvents<Event> {
  const firstOf = new Map<string, Event>();
  const names = given.map((event) => {
    const name = `${event.source}\n${event.id}\n${event.owner}`;
    if (!firstOf.has(name)) firstOf.set(name, event);
    return name;
  });
  const sorted = [...firstOf.keys()].sort();
  const placeOf = new Map(sorted.map((name, place) => [name, place]));
  return {
    events: sorted.map((name) => firstOf.get(name) as Event),
    places: names.map((name) => placeOf.get(name) as number),
  };
}

/**
 * What became of every event given.
 * @param keptDigests of every distinct event: null if it was written now, else the digest of the one that was there
 */
export function resultsOf<Event extends NamedEvent>(
  given: readonly Event[],
  { events, places }: DistinctEvents<Event>,
  keptDigests: readonly (string | null)[],
): Exclude<EventResult, 'rejected'>[] {
  return given.map((event, index) => {
    const place = places[index] as number;
    const kept = keptDigests[place] ?? null;
    if (kept === null && events[place] === event) return 'accepted';
    return event.digest === (kept ?? events[place]?.digest) ? 'duplicate' : 'conflict';
  });
}
