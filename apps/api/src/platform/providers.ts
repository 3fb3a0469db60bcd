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
export const DATABASE = Symbol('database');
export const POOL = Symbol('pool');
export const ENCRYPTION_KEYS = Symbol('encryption keys');

export type { Config, Database, KeyEncryptionKeys, Logger, Pool };
