import type { Logger } from './logger.js';

/**
 * Stops a process in good order, once: on SIGTERM, on SIGINT, or when the process that started it is gone.
 * What takes longer than `drainSeconds` is cut off.
 */
export function stopOnSignal(logger: Logger, drainSeconds: number, stop: () => Promise<void>): void {
  let stopping = false;
  const begin = (why: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ why }, 'stopping');
    setTimeout(() => {
      logger.error('did not stop in time');
      process.exit(1);
    }, drainSeconds * 1_000).unref();
    stop().then(
      () => {
        logger.info('stopped');
        logger.flush(() => process.exit(0));
      },
      (error: unknown) => {
        logger.fatal({ err: error }, 'failed to stop in good order');
        logger.flush(() => process.exit(1));
      },
    );
  };
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('SIGINT', () => begin('SIGINT'));
  process.on('disconnect', () => begin('the starting process is gone'));
}
