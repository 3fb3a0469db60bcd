import { AppError } from '@bastionary/platform/app-error';
import type { FastifyRequest } from 'fastify';

export const toEtag = (version: number): string => `"v${version}"`;

/** Of what has no version of its own: the digest of what it holds. */
export const toDigestEtag = (digest: string): string => `"${digest}"`;

/**
 * The version an edit is meant for, from If-Match; undefined if the caller does not care.
 * @throws AppError version_mismatch if the header holds no version of ours
 */
export function ifVersion(request: FastifyRequest): number | undefined {
  const version = ifMatch(request, /^"v(\d{1,9})"$/);
  return version === undefined ? undefined : Number(version);
}

/** The same for an ETag that is a digest. @throws AppError version_mismatch */
export const ifDigest = (request: FastifyRequest): string | undefined => ifMatch(request, /^"([\w-]{43})"$/);

function ifMatch(request: FastifyRequest, form: RegExp): string | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const found = form.exec(header)?.[1];
  if (found === undefined)
    throw new AppError('version_mismatch', 'If-Match is not an ETag of this object. Read it again.');
  return found;
}
