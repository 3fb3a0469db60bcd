// @ts-check

// A closed terminal must not keep anybody from stopping in good order.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const seconds = (/** @type {number} */ since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs one step of the work and prints it with its time. What the step returns as text is shown behind its title.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const began = performance.now();
  const live = process.stdout.isTTY;
  if (live) process.stdout.write(`… ${title}`);
  const clear = live ? '\r\x1b[K' : '';
  try {
    const result = await work();
    const detail = typeof result === 'string' ? ` (${result})` : '';
    process.stdout.write(`${clear}✓ ${(title + detail).padEnd(58)} ${seconds(began).padStart(7)}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${clear}✗ ${title.padEnd(58)} ${seconds(began).padStart(7)}\n`);
    throw error;
  }
}

/** A line between steps. @param {string} line */
export const say = (line) => void process.stdout.write(`  ${line}\n`);
