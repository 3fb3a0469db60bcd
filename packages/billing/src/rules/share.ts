/** An exact part of a whole, 0 to 1; not reduced, so that it can be shown: 170 of 743 hours. */
export interface Share {
  readonly numerator: bigint;
  readonly denominator: bigint;
}
