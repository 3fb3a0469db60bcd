/** How much a customer uses on an ordinary working day of its first month. */
export interface Demand {
  readonly customer: string;
  readonly calls: number;
  readonly gigabytes: number;
  /** Of the assistant; 0: none. */
  readonly tokens: number;
  /** What a month makes of it: 1.2 is a fifth more. */
  readonly growth: number;
  /** Days on which it was many times as much. */
  readonly spike?: { readonly fromDaysAgo: number; readonly toDaysAgo: number; readonly times: number };
}

const grows = (customer: string, calls: number, gigabytes: number, tokens: number, growth: number): Demand => ({
  customer,
  calls,
  gigabytes,
  tokens,
  growth,
});

export const DEMANDS: readonly Demand[] = [
  grows('nordlicht', 9_000, 60, 240_000, 1.22),
  grows('harbour', 12_000, 140, 310_000, 1.03),
  grows('atelier', 1_400, 6, 0, 1.12),
  grows('bluepine', 42_000, 420, 1_900_000, 1.15),
  grows('sakura', 14_000, 110, 420_000, 1.06),
  // Less every month, and then the smaller plan.
  grows('alpenrad', 9_500, 90, 150_000, 0.84),
  // A crawler ran wild over a weekend.
  { ...grows('kestrel', 3_600, 24, 0, 1.05), spike: { fromDaysAgo: 47, toDaysAgo: 44, times: 14 } },
  grows('lindgren', 1_900, 12, 0, 0.93),
  grows('monsoon', 17_000, 150, 520_000, 1.1),
  grows('coral', 2_600, 18, 0, 1),
  grows('ipe', 2_900, 25, 0, 1.04),
  grows('maple', 700, 9, 0, 1.02),
  grows('tulipa', 6_400, 130, 90_000, 1.08),
  grows('sierra', 1_100, 7, 0, 0.9),
  grows('clover', 4_200, 31, 0, 1.18),
  grows('fjord', 31_000, 510, 1_100_000, 1.09),
  grows('savanna', 30, 1, 0, 1.3),
  grows('pampa', 2_300, 22, 0, 1.07),
  grows('danube', 350, 3, 0, 1.5),
  grows('kiwi', 7_800, 95, 200_000, 1.25),
  grows('prairie', 25, 1, 0, 1.1),
  grows('lagoon', 900, 5, 0, 1.2),
  grows('aurora', 5_200, 40, 160_000, 1.2),
];

/** Events of the last days that were not taken, or are not counted, as they were sent; a time and a subject are added. */
export const MISTAKES: readonly { readonly hoursAgo: number; readonly event: Record<string, unknown> }[] = [
  { hoursAgo: 5, event: { id: 'batch-771', source: 'gateway', type: 'api.calls', data: { calls: 40, region: 'eu' } } },
  {
    hoursAgo: 5,
    event: { id: 'batch-772', source: 'gateway', type: 'api.calls', time: 'yesterday', data: { calls: 1 } },
  },
  { hoursAgo: 9, event: { id: '', source: 'gateway', type: 'storage.measured', data: { gigabytes: 12 } } },
  { hoursAgo: 9, event: { id: 'm-2041', source: 'importer', type: 'storage.measured', gigabytes: 31 } },
  {
    hoursAgo: 26,
    event: { id: 'a-9', source: 'bastionary.assistant', type: 'assistant.answered', data: { tokens: 812 } },
  },
];
