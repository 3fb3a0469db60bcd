import type { IncomingHttpHeaders } from 'node:http';
import type { Validation, ValidationScope } from '@bastionary/contracts/license-validation';
import type { Resource } from './documents.js';

/** What a program asks, besides whose licence it means. */
export interface Question {
  readonly scope?: ValidationScope | null;
  readonly nonce?: number | string | null;
}

/** Versions up to 1.1 call the code `constant`. */
const CALLED_CONSTANT = /^1\.[01]$/;

/** The answer to a validation. @param headers of the request: its version names the code */
export function validationDocument(
  { validation, data }: { readonly validation: Validation; readonly data: Resource | null },
  { scope, nonce }: Question,
  headers: IncomingHttpHeaders,
): object {
  const version = headers['keygen-version'];
  const name = typeof version === 'string' && CALLED_CONSTANT.test(version) ? 'constant' : 'code';
  return {
    data,
    meta: {
      ts: validation.at,
      valid: validation.valid,
      detail: validation.detail,
      [name]: validation.code,
      ...(scope && { scope }),
      ...(nonce !== undefined && nonce !== null && { nonce }),
      failures: validation.failures,
      warnings: validation.warnings,
      limits: validation.limits,
      seatsFree: validation.seats_free,
      expiresAt: validation.expires_at,
      graceEndsAt: validation.grace_ends_at,
      nextCheckInBy: validation.next_check_in_by,
      entitlements: validation.entitlements,
    },
  };
}
