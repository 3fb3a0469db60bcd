import { describe, expect, test } from '@jest/globals';
import { Places } from './places.js';

/** Work that ends when told to, and says when it began. */
class Works {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, () => void>();

  constructor(private readonly places: Places) {}

  start(name: string, first = false): Promise<string> {
    const work = async () => {
      this.begun.push(name);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.ends.set(name, resolve);
      await promise;
      return name;
    };
    return this.places.take(work, first);
  }

  end = (name: string): void => this.ends.get(name)?.();
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Places', () => {
  test('so much runs at once, the rest in its order, what is urgent before the rest', async () => {
    const works = new Works(new Places(2, 10_000));
    const all = ['a', 'b', 'c', 'd'].map((name) => works.start(name));
    all.push(works.start('urgent', true));
    expect(works.begun).toEqual(['a', 'b']);
    for (const [ended, expected] of [
      ['a', 'urgent'],
      ['b', 'c'],
      ['c', 'd'],
    ] as const) {
      works.end(ended);
      await settled();
      expect(works.begun.at(-1)).toBe(expected);
    }
    works.end('urgent');
    works.end('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'urgent']);
    const [next, after] = [works.start('next'), works.start('after')];
    expect(works.begun.slice(-2)).toEqual(['next', 'after']);
    works.end('next');
    works.end('after');
    await Promise.all([next, after]);
  });

  test('work that fails gives its place on', async () => {
    const places = new Places(1, 10_000);
    const failed = places.take(() => Promise.reject(new Error('failed')));
    const next = places.take(async () => 'next');
    await expect(failed).rejects.toThrow('failed');
    expect(await next).toBe('next');
  });

  test('who waits too long is refused and takes no place later', async () => {
    const works = new Works(new Places(1, 1));
    const first = works.start('first');
    await expect(works.start('late')).rejects.toMatchObject({ code: 'unavailable' });
    works.end('first');
    await first;
    const next = works.start('next');
    expect(works.begun).toEqual(['first', 'next']);
    works.end('next');
    await next;
  });
});
