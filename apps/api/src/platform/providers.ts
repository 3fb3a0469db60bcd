import type { Config } from '@bastionary/platform/config';
import type { Logger } from '@bastionary/platform/logger';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Connection, Database, Pool } from '@bastionary/prisma/client';

/** What a process has opened before Nest builds anything. */
export interface Resources {
  readonly config: Config;
  readonly logger: Logger;
  readonly connection: Connection;
  readonly encryptionKeys: KeyEncryptionKeys;
}

export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');
/** The database as the request that runs may see it: behind the wall, if it is that of a customer's client. */
export const DATABASE = Symbol('database');
/** The database without the wall: for what is kept in memory for all requests. */
export const WHOLE_DATABASE = Symbol('whole database');
export const POOL = Symbol('pool');
export const ENCRYPTION_KEYS = Symbol('encryption keys');

export type { Config, Database, KeyEncryptionKeys, Logger, Pool };
