import type { Rollout } from '@bastionary/contracts/flag-rules';
import MurmurHash3 from 'imurmurhash';

/** Thousandths of a per cent in a whole. */
export const WHOLE = 100_000;
export const thousandths = (weight: number): number => Math.round(weight * 1_000);

/** One draw: who falls into which part. Parts in thousandths of a per cent. */
export interface Draw {
  readonly seed: string;
  readonly parts: readonly (readonly [name: string, weight: number])[];
}

/**
 * How a rollout is drawn. One that has the default variant beside others is drawn twice: first who gets another at all, then
 * which one. More exposure then adds people, and moves nobody from one variant to another.
 */
export type Drawing =
  | { readonly kind: 'all'; readonly variant: string }
  | { readonly kind: 'one'; readonly draw: Draw }
  | { readonly kind: 'two'; readonly exposure: Draw; readonly variants: Draw; readonly control: string };

export const EXPOSED = 'exposed';

/** @param control the default variant of the flag */
export function drawingOf(rollout: Rollout, seed: string, control: string): Drawing {
  const parts = rollout
    .map(({ variant, weight }) => [variant, thousandths(weight)] as const)
    .filter(([, weight]) => weight > 0);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return { kind: 'all', variant: only[0] };
  const others = parts.filter(([variant]) => variant !== control);
  const exposed = others.reduce((sum, [, weight]) => sum + weight, 0);
  // The others first: whoever is among the first per cents stays so when there are more of them.
  const exposure: Draw = {
    seed,
    parts: [
      [EXPOSED, exposed],
      [control, WHOLE - exposed],
    ],
  };
  const [first] = others;
  if (first !== undefined && others.length === 1) {
    return { kind: 'one', draw: { seed, parts: [first, [control, WHOLE - exposed]] } };
  }
  // The same draw among them however many are exposed, also when all are.
  const variants: Draw = { seed: `${seed}/variants`, parts: others };
  return exposed === WHOLE ? { kind: 'one', draw: variants } : { kind: 'two', exposure, variants, control };
}

/** Where a value falls, from 0 up to 1, as flagd's `fractional` has it. */
export const place = (seed: string, value: string): number =>
  (new MurmurHash3(seed + value).result() >>> 0) / 4_294_967_296;

/** The part of a draw that a value falls into. */
export function drawn({ seed, parts }: Draw, value: string): string {
  const total = parts.reduce((sum, [, weight]) => sum + weight, 0);
  const at = Math.floor(place(seed, value) * total);
  let sum = 0;
  for (const [name, weight] of parts) {
    sum += weight;
    if (sum > at) return name;
  }
  throw new Error('a draw ends before its parts do');
}

/** The variant that a rollout gives a value. */
export function variantFor(drawing: Drawing, value: string): string {
  if (drawing.kind === 'all') return drawing.variant;
  if (drawing.kind === 'one') return drawn(drawing.draw, value);
  return drawn(drawing.exposure, value) === EXPOSED ? drawn(drawing.variants, value) : drawing.control;
}
