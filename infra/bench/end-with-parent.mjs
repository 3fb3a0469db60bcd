// @ts-check

/** Tells the process that started this one that it serves, and ends together with it. */
export function endWithParent() {
  process.once('disconnect', () => process.exit());
  process.send?.({ type: 'ready' });
}
