/** How many tokens a client may get; null: any number. `enforce` false: only counted. */
export interface TokenQuota {
  readonly perHour: number | null;
  readonly perDay: number | null;
  readonly enforce: boolean;
}

export interface QuotaWindow {
  readonly name: 'hour' | 'day';
  readonly quota: number;
  readonly seconds: number;
  /** Milliseconds since 1970: windows are those of the clock in UTC. */
  readonly start: number;
  readonly end: number;
}

/** The windows that an instant lies in, of those the quota speaks of. */
export function quotaWindows({ perHour, perDay }: TokenQuota, now: number): QuotaWindow[] {
  return [windowOf('hour', perHour, 3_600, now), windowOf('day', perDay, 86_400, now)].filter(
    (window) => window !== undefined,
  );
}

function windowOf(name: QuotaWindow['name'], quota: number | null, seconds: number, now: number) {
  if (quota === null) return undefined;
  const start = now - (now % (seconds * 1_000));
  return { name, quota, seconds, start, end: start + seconds * 1_000 };
}
