/** A grant as entitlements keeps it: half-open, from `from` until just before `until`. */
export interface GrantSpan {
  /** The subscription it comes from. */
  readonly source: string;
  /** plan@version */
  readonly plan: string;
  readonly quantity: number;
  readonly from: Date;
  readonly until: Date | null;
}

/** What a subscription item entitles to, as far as licences care. */
export interface Issue {
  readonly source: string;
  /** Key of the plan or add-on */
  readonly plan: string;
  readonly seats: number;
  /** When it ends by itself, as far as is known; null: it goes on. */
  readonly endsAt: Date | null;
}

/** Key of a plan from plan@version. */
const keyOf = (plan: string): string => plan.slice(0, plan.lastIndexOf('@'));

/**
 * The licences that grants give rise to at an instant: one per source and plan key. Where one grant ends just as the next
 * of the same plan begins (another version, another quantity), it goes on.
 */
export function issuedBy(grants: readonly GrantSpan[], plans: ReadonlySet<string>, at: Date): Issue[] {
  const groups = Map.groupBy(
    grants.filter(({ plan }) => plans.has(keyOf(plan))),
    ({ source, plan }) => `${source} ${keyOf(plan)}`,
  );
  return [...groups.values()].flatMap((group) => {
    const current = group.filter(({ from, until }) => from <= at && (until === null || at < until));
    const [first] = current;
    if (first === undefined) return [];
    const seats = current.reduce((sum, { quantity }) => sum + quantity, 0);
    return [{ source: first.source, plan: keyOf(first.plan), seats, endsAt: endOf(group, at) }];
  });
}

/** Until when spans follow one another without a gap. */
function endOf(spans: readonly GrantSpan[], at: Date): Date | null {
  let end = at;
  for (;;) {
    const next = spans.filter(({ from, until }) => from <= end && (until === null || until > end));
    if (next.length === 0) return end;
    if (next.some(({ until }) => until === null)) return null;
    end = new Date(Math.max(...next.map(({ until }) => (until as Date).getTime())));
  }
}
