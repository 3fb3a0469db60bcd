import { z } from 'zod';

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
export const scopeName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one scope: printable ASCII without space, quote or backslash');

// Unreserved characters of RFC 3986, so that an id never needs encoding; no colon, which would end it in HTTP Basic.
export const clientId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9._~-]+$/, 'may only contain A-Z a-z 0-9 . _ ~ -')
  // In an address, `.` and `..` mean something else.
  .refine((id) => id !== '.' && id !== '..', 'may not be . or ..');

// RFC 6749 appendix A.2: client-secret = *VSCHAR
export const clientSecret = z
  .string()
  .min(8, 'must be at least 8 characters')
  .max(256)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');
