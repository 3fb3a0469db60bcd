export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');
export const DATABASE = Symbol('database');
export const ENCRYPTION_KEYS = Symbol('encryption keys');
