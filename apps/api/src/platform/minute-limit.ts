/** Lets so many of a kind pass per minute. */
export class MinuteLimit {
  private minute = 0;
  private readonly passed = new Map<string, number>();

  constructor(private readonly perMinute: number) {}

  /** @param now in ms */
  takes(kind: string, now: number): boolean {
    const minute = Math.floor(now / 60_000);
    if (minute > this.minute) {
      this.passed.clear();
      this.minute = minute;
    }
    const before = this.passed.get(kind) ?? 0;
    if (before >= this.perMinute) return false;
    this.passed.set(kind, before + 1);
    return true;
  }
}
