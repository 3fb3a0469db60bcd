import type { JsonObject } from '@bastionary/licensing/rules/formats/base64';
import { type FileTimes, fileTimes } from '@bastionary/licensing/rules/formats/file-meta';
import { type FileKind, fileSecret, openLicenseFile } from '@bastionary/licensing/rules/formats/license-file';
import { highWaterMark, refuseByClock } from '@bastionary/licensing/rules/formats/machine-clock';
import { type Refusal, refuse } from '@bastionary/licensing/rules/formats/refusal';
import { keyDigest } from '@bastionary/licensing/rules/formats/signed-key';
import { refuseBySigningTime } from '@bastionary/licensing/rules/formats/trusted-keys';
import { entitlementsOf, type FileContent, readContent } from './file-content.js';
import {
  type ClockOptions,
  type ClockReading,
  givenKeySet,
  type KeySet,
  type Refused,
  type RevocationList,
  readClock,
  rfc3339,
  rfc3339OrNull,
  withoutThrowing,
} from './inputs.js';
import { type RevocationOptions, refuseByList } from './revocation.js';
import { verifiedList } from './verify-revocation-list.js';

export interface LicenseFileOptions extends ClockOptions, RevocationOptions {
  readonly keySet: KeySet;
  /** Decrypts an encrypted file; a plain one must belong to this key. Null or absent: plain files only. */
  readonly licenseKey?: string | null;
}

export interface MachineFileOptions extends LicenseFileOptions {
  /** Of the machine this runs on, as it was activated. */
  readonly fingerprint: string;
}

/** `GRACE`: the licence has expired and works a while longer. `STALE_REVOCATION_LIST`: fetch a newer one. */
export type FileWarning = 'GRACE' | 'STALE_REVOCATION_LIST';

export interface VerifiedFile {
  readonly ok: true;
  readonly licenseId: string | null;
  /** By code; one without a value is true. */
  readonly entitlements: Readonly<Record<string, unknown>>;
  readonly issuedAt: string;
  /** The earlier of the file's end and the licence's, grace included; null: never. */
  readonly expiresAt: string | null;
  readonly licenseExpiresAt: string | null;
  readonly graceEndsAt: string | null;
  readonly warnings: readonly FileWarning[];
  /** The licence or the machine, and what else is in the file, as JSON:API resources. */
  readonly data: JsonObject;
  readonly included: readonly JsonObject[];
  readonly keyId: string;
  /** The newest list there is, in the file or given: keep it. */
  readonly revocationList: RevocationList | null;
  /** To be kept, and passed as `lastSeen` the next time. */
  readonly lastSeen: string;
}

/** Verifies a licence file without a network. Never throws. */
export function verifyLicenseFile(certificate: string, options: LicenseFileOptions): VerifiedFile | Refused {
  return settle('license', certificate, options, null);
}

/** Verifies a machine file without a network, and that it was made for this machine. Never throws. */
export function verifyMachineFile(certificate: string, options: MachineFileOptions): VerifiedFile | Refused {
  const fingerprint = options?.fingerprint;
  if (typeof fingerprint === 'string' && fingerprint !== '')
    return settle('machine', certificate, options, fingerprint);
  const refusal = refuse('fingerprint_missing', 'A machine file holds for one machine only.');
  return { ...refusal, lastSeen: options?.lastSeen ?? null };
}

function settle(
  kind: FileKind,
  certificate: string,
  options: LicenseFileOptions,
  fingerprint: string | null,
): VerifiedFile | Refused {
  const answer = withoutThrowing(() => judge(kind, certificate, options, fingerprint));
  return 'lastSeen' in answer ? answer : { ...answer, lastSeen: options?.lastSeen ?? null };
}

// In this order: who signed, what it says, whether the clock can be right, for whom it is, revoked, expired.
function judge(
  kind: FileKind,
  certificate: string,
  options: LicenseFileOptions,
  fingerprint: string | null,
): VerifiedFile | Refused | Refusal {
  const clock = readClock(options);
  const keySet = givenKeySet(options.keySet);
  const licenseKey = options.licenseKey?.trim() ?? null;
  const secret = licenseKey === null ? null : fileSecret(licenseKey, fingerprint);
  const opened = openLicenseFile(kind, certificate, keySet.keys, secret);
  if (!opened.ok) return opened;
  const content = readContent(kind, opened.payload);
  const times = content && fileTimes(content.meta, content.licenseExpiry);
  if (!content || !times) return refuse('malformed', `It does not hold a ${kind} and when it was issued.`);
  const faulty = refuseBySigningTime(opened.key, times.issuedAt);
  if (faulty) return faulty;
  const list = newestList(content, options, clock);
  const facts = { ...clock, signedAt: [times.issuedAt, keySet.issuedAt, ...(list ? [list.verified.issuedAt] : [])] };
  const lastSeen = rfc3339(highWaterMark(facts));
  const digest = content.licenseKey ?? licenseKey;
  const subject = {
    licenseId: content.licenseId,
    keyDigest: digest === null ? null : keyDigest(digest),
    signedAt: times.issuedAt,
  };
  const strict = content.meta.stale_revocation_list === 'REFUSE' || options.staleRevocationList === 'REFUSE';
  const refusal =
    refuseByClock(facts) ??
    refuseByHolder(content, licenseKey, fingerprint) ??
    refuseByList(list, strict ? 'REFUSE' : 'ALLOW', subject, clock.now) ??
    refuseByExpiry(times, clock.now);
  if (refusal) return { ...refusal, lastSeen };
  return verified(content, times, list, { now: clock.now, keyId: opened.key.kid, lastSeen });
}

// A list in the file that cannot be verified any more counts as none.
function newestList(content: FileContent, options: LicenseFileOptions, clock: ClockReading): RevocationList | null {
  const given = options.revocationList ?? null;
  const { revocations } = content.meta;
  if (typeof revocations !== 'string') return given;
  const inside = verifiedList(revocations, options.keySet, null, clock);
  if (!inside.ok) return given;
  return given && given.sequence >= inside.sequence ? given : inside;
}

function refuseByHolder(content: FileContent, licenseKey: string | null, fingerprint: string | null): Refusal | null {
  if (fingerprint !== null && content.fingerprint !== fingerprint) {
    return refuse('wrong_fingerprint', 'The fingerprint in it is not that of this machine.');
  }
  if (licenseKey !== null && content.licenseKey !== null && content.licenseKey !== licenseKey) {
    return refuse('wrong_license', 'The license key in it is not the one given.');
  }
  return null;
}

function refuseByExpiry({ expiresAt, licenseExpiresAt }: FileTimes, now: number): Refusal | null {
  if (expiresAt === null || now <= expiresAt) return null;
  const whose = licenseExpiresAt !== null && now > licenseExpiresAt ? 'The license' : 'The file';
  return refuse(
    'expired',
    `${whose} expired at ${rfc3339(whose === 'The file' ? expiresAt : (licenseExpiresAt ?? 0))}.`,
  );
}

function verified(
  content: FileContent,
  times: FileTimes,
  list: RevocationList | null,
  { now, keyId, lastSeen }: { readonly now: number; readonly keyId: string; readonly lastSeen: string },
): VerifiedFile {
  const inGrace = times.licenseExpiresAt !== null && now > times.licenseExpiresAt;
  const stale = list !== null && now > list.verified.nextUpdate;
  return {
    ok: true,
    licenseId: content.licenseId,
    entitlements: entitlementsOf(content.included, now),
    issuedAt: rfc3339(times.issuedAt),
    expiresAt: rfc3339OrNull(times.expiresAt),
    licenseExpiresAt: rfc3339OrNull(times.licenseExpiresAt),
    graceEndsAt: rfc3339OrNull(times.graceEndsAt),
    warnings: [...(inGrace ? ['GRACE' as const] : []), ...(stale ? ['STALE_REVOCATION_LIST' as const] : [])],
    data: content.data,
    included: content.included,
    keyId,
    revocationList: list,
    lastSeen,
  };
}
