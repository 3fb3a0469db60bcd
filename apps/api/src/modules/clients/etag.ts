import { AppError } from '@bastionary/platform/app-error';
import type { FastifyRequest } from 'fastify';

export const toEtag = (version: number): string => `"v${version}"`;

/**
 * The version an edit is meant for, from If-Match; undefined if the caller does not care.
 * @throws AppError version_mismatch if the header holds no version of ours
 */
export function ifVersion(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const version = /^"v(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined)
    throw new AppError('version_mismatch', 'If-Match is not an ETag of this object. Read it again.');
  return Number(version);
}
