import { describe, expect, test } from '@jest/globals';
import { drawingOf, variantFor } from './bucket.js';

const USERS = Array.from({ length: 50_000 }, (_, index) => `user-${index}`);
const KEYS = Number(process.env.FLAG_KEYS ?? 100_000);
const share = (variant: string, weight: number) => ({ variant, weight });
const drawnBy = (rollout: { variant: string; weight: number }[], control: string) => {
  const drawing = drawingOf(rollout, 'seed', control);
  return (user: string) => variantFor(drawing, user);
};

describe('a ramp', () => {
  test('from 10 to 100 % loses nobody', () => {
    const steps = [10, 25, 50, 75, 100].map((weight) =>
      drawnBy([share('on', weight), share('off', 100 - weight)], 'off'),
    );
    for (const user of USERS) {
      const got = steps.map((variantOf) => variantOf(user));
      expect(got.slice(got.indexOf('on')).every((variant) => variant === 'on')).toBe(true);
    }
  });

  test('of several variants moves nobody from one to another', () => {
    const steps = [10, 20, 40, 60, 100].map((weight) =>
      drawnBy([share('a', weight * 0.25), share('b', weight * 0.75), share('control', 100 - weight)], 'control'),
    );
    for (const user of USERS) {
      const got = steps.map((variantOf) => variantOf(user)).filter((variant) => variant !== 'control');
      expect(new Set(got).size).toBeLessThanOrEqual(1);
    }
    expect(USERS.map((user) => steps[4]?.(user)).filter((variant) => variant === 'control')).toEqual([]);
  });
});

test('a draw is as its weights say, within half a per cent', () => {
  const weights = { a: 12.5, b: 37.5, c: 50 };
  const variantOf = drawnBy(
    Object.entries(weights).map(([variant, weight]) => share(variant, weight)),
    'c',
  );
  const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
  for (let key = 0; key < KEYS; key++) counts[variantOf(`key-${key}`)] = (counts[variantOf(`key-${key}`)] ?? 0) + 1;
  for (const [variant, weight] of Object.entries(weights))
    expect(Math.abs(((counts[variant] ?? 0) / KEYS) * 100 - weight)).toBeLessThan(0.5);
});
