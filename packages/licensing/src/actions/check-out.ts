import { randomBytes } from 'node:crypto';
import type { CheckOutRequest, LicenseFile } from '@bastionary/contracts/licenses';
import type { Transaction } from '@bastionary/prisma/client';
import { expiryAfter, graceEndOf } from '../rules/expiry.js';
import { KEY_FOR } from '../rules/formats/algorithms.js';
import { type FileTerms, fileMeta } from '../rules/formats/file-meta.js';
import { type FilePayload, fileSecret, makeLicenseFile } from '../rules/formats/license-file.js';
import type { Around } from './change-license.js';
import { keyOf, type LicenseRow } from './find-license.js';
import type { MachineRow } from './find-machine.js';
import { type LockedLicense, lockLicense } from './lock-license.js';
import { refuseUnlessGiving } from './seat-check.js';
import { signerFor } from './signing-keys.js';

const IV_BYTES = 12;

/** What a check-out needs to know besides. */
export interface CheckOut extends Around {
  /** The newest revocation list, signed. */
  readonly revocations: { readonly sequence: number; readonly text: string };
  /** Seconds a file lasts, unless the request says otherwise. */
  readonly defaultTtl: number;
  /** What stands in the file of the licence as it is then: a JSON:API document without meta. */
  document(tx: Transaction, license: LicenseRow): Promise<Pick<FilePayload, 'data' | 'included'>>;
  /** For which machine; undefined: for the licence alone. */
  readonly machine?: MachineRow;
}

/**
 * Makes a signed file by which a program knows without a network what was paid for; encrypted if asked, with the licence
 * key (and the fingerprint, of a machine file). It lasts no longer than the licence, grace included.
 * @throws AppError not_found, license_conflict (nothing is given to one that is suspended, revoked or expired)
 */
export async function checkOut(
  tx: Transaction,
  licenseId: string,
  request: CheckOutRequest,
  around: CheckOut,
): Promise<LicenseFile> {
  const locked = await lockLicense(tx, licenseId);
  const { terms, at } = locked;
  await refuseUnlessGiving(tx, locked, at);
  const license = await noteCheckOut(tx, locked, around.machine);
  const meta = fileMeta({ ...fileTerms(license, locked), ...lasting(request, around) });
  const algorithm = request.algorithm ?? 'ed25519';
  const secret = fileSecret(keyOf(around.encryptionKeys, license), around.machine?.fingerprint ?? null);
  const signer = signerFor(around.signing, KEY_FOR[algorithm]);
  const certificate = makeLicenseFile(
    around.machine === undefined ? 'license' : 'machine',
    { ...(await around.document(tx, license)), meta },
    { algorithm, ...signer, encryption: request.encrypt ? { secret, iv: randomBytes(IV_BYTES) } : null },
  );
  return {
    certificate,
    algorithm: `${request.encrypt ? 'aes-256-gcm' : 'base64'}+${algorithm}`,
    kid: signer.kid,
    issued_at: meta.issued,
    expires_at: meta.expiry,
    ttl: meta.ttl,
  };
}

/** A file that is checked out is a download: the time of a licence may begin with it. */
async function noteCheckOut(
  tx: Transaction,
  { license, terms, at }: LockedLicense,
  machine: MachineRow | undefined,
): Promise<LicenseRow> {
  if (machine !== undefined) {
    await tx.machine.update({ where: { id: machine.id }, data: { lastCheckOutAt: at } });
  }
  const expiresAt = expiryAfter('download', terms, license.expiresAt, at);
  return tx.license.update({ where: { id: license.id }, data: { lastCheckOutAt: at, expiresAt } });
}

// With ALLOW_ACCESS and MAINTAIN_ACCESS a licence works on after its expiry.
function fileTerms(license: LicenseRow, { terms, at }: LockedLicense) {
  const { expiration_strategy: strategy } = terms;
  const isCutOff = strategy === 'RESTRICT_ACCESS' || strategy === 'REVOKE_ACCESS';
  return {
    issuedAt: at.getTime(),
    licenseExpiresAt: isCutOff ? (license.expiresAt?.getTime() ?? null) : null,
    graceEndsAt: graceEndOf(terms, license.expiresAt)?.getTime() ?? null,
    staleRevocationList: terms.stale_revocation_list,
  } satisfies Partial<FileTerms>;
}

const lasting = ({ ttl }: CheckOutRequest, { revocations, defaultTtl }: CheckOut) => ({
  ttl: ttl === undefined ? defaultTtl : ttl,
  revocations,
});
