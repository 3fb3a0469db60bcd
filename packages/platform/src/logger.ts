import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

// What may carry a secret is removed wherever it appears, even if somebody logs a whole request.
const SECRET_PATHS = [
  'authorization',
  'cookie',
  'client_secret',
  'password',
  'token',
  'access_token',
  'refresh_token',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** One JSON object per line on stdout: level, time, process, request_id, msg. */
export function createLogger(processName: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { process: processName, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_PATHS, censor: '[secret]' },
      serializers: { err: pino.stdSerializers.err },
    },
    destination ?? pino.destination({ sync: false }),
  );
}
