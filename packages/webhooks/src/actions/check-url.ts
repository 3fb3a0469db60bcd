import { isIP } from 'node:net';
import { AppError } from '@bastionary/platform/app-error';
import { namedAddresses, reachableAddresses } from '@bastionary/platform/reachable-addresses';

/**
 * Refuses at the door what no delivery could reach. What a name leads to is checked when it is connected to.
 * @param allowed addresses and CIDRs of WEBHOOK_ALLOW_PRIVATE
 * @throws AppError invalid_request
 */
export function checkUrl(text: string, allowed: readonly string[]): void {
  const { protocol, hostname } = new URL(text);
  const literal = hostname.replace(/^\[|\]$/g, '');
  const isAddress = isIP(literal) !== 0;
  if (protocol === 'http:') {
    const isAllowed = isAddress ? namedAddresses(allowed)(literal) : allowed.length > 0;
    if (!isAllowed) throw refused('must be https; plain http only goes to addresses of WEBHOOK_ALLOW_PRIVATE');
  } else if (isAddress && !reachableAddresses(allowed)(literal)) {
    throw refused('leads to an address that is not public; WEBHOOK_ALLOW_PRIVATE can allow it');
  }
}

function refused(message: string): AppError {
  return new AppError('invalid_request', `/url: ${message}.`, {
    faults: [{ path: '/url', code: 'unreachable', message }],
  });
}
