/** What a customer's program imports to verify licences. */
export type { FileKind } from '@bastionary/licensing/rules/formats/license-file';
export type { Reason, Refusal } from '@bastionary/licensing/rules/formats/refusal';
export type { SignedKeyScheme } from '@bastionary/licensing/rules/formats/signed-key';
export type { ClockOptions, KeySet, Refused, RevocationList } from './inputs.js';
export { type KeySetOptions, verifyKeySet } from './verify-key-set.js';
export {
  type FileWarning,
  type LicenseFileOptions,
  type MachineFileOptions,
  type VerifiedFile,
  verifyLicenseFile,
  verifyMachineFile,
} from './verify-license-file.js';
export { type LicenseKeyOptions, type VerifiedKey, verifyLicenseKey } from './verify-license-key.js';
export {
  type ResponseOptions,
  type SentRequest,
  type SignedResponse,
  type VerifiedAnswer,
  verifyResponse,
} from './verify-response.js';
export { type RevocationListOptions, verifyRevocationList } from './verify-revocation-list.js';
