const METHODS = 'GET, POST, OPTIONS';
const ALLOWED = 'Authorization, Content-Type, If-None-Match, X-API-Key, Last-Event-ID';

/**
 * What browsers need to be told. Keys that are public say themselves where they may be used; a token in a page is the page's
 * own, and nothing here goes by cookies.
 */
export const CROSS_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Retry-After',
} as const;

/** The answer to a preflight. */
export const PREFLIGHT = {
  ...CROSS_ORIGIN,
  'access-control-allow-methods': METHODS,
  'access-control-allow-headers': ALLOWED,
  'access-control-max-age': '86400',
} as const;
