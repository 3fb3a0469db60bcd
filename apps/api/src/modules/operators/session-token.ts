import { createHash, randomBytes } from 'node:crypto';

/** A new value for a cookie or a link: 256 bits. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of it. Its 256 bits need no slow hash. */
export const digestToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
