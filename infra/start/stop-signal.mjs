// @ts-check
import { say } from './progress.mjs';

/**
 * A signal that fires on the first SIGINT, SIGTERM or SIGHUP. A second one forces the end.
 * @param {() => Promise<unknown>} force ends everything without ceremony
 * @returns {AbortSignal}
 */
export function onStopSignal(force) {
  const stopping = new AbortController();
  let first = 0;
  const onSignal = async () => {
    if (!stopping.signal.aborted) {
      first = Date.now();
      stopping.abort();
    } else if (Date.now() - first > 1_000) {
      // One Ctrl-C arrives twice: from the terminal, and once more from npm, which passes on its own.
      say('Stopping now');
      await force();
      process.exit(1);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignal);
  if (process.env.npm_lifecycle_event) stopWithParent(onSignal);
  return stopping.signal;
}

/**
 * npm passes signals to the shell between it and us, which dies of them without passing them on.
 * @param {() => void} stop
 */
function stopWithParent(stop) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 250).unref();
}
