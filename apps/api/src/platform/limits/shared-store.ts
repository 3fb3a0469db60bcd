import type { Config } from '../providers.js';
import type { OpenedStore } from './bucket-store.js';
import { openPostgresStore } from './postgresql-store.js';
import { openRedisStore } from './redis-store.js';

/** The store that all api processes share, or undefined if this process limits on its own by choice. */
export function openSharedStore(config: Config): OpenedStore | undefined {
  const { LIMITS_STORE, REDIS_URL, DATABASE_URL } = config;
  if (LIMITS_STORE === 'postgresql') return openPostgresStore(DATABASE_URL);
  if (REDIS_URL === undefined || LIMITS_STORE === 'memory') return undefined;
  return openRedisStore(REDIS_URL);
}
