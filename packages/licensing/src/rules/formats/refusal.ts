/** Why something is refused, and what its reader can do about it. Stable: programs decide by it. */
export const REMEDIES = {
  malformed: 'Check that it was copied whole and unchanged, or fetch it anew.',
  wrong_type:
    'Pass what is asked for: a license file, a machine file, a key set and a revocation list are not the same.',
  unknown_algorithm: 'Fetch it anew from the issuer; if this goes on, update this program.',
  unknown_key: 'Fetch the newest key set; if it does not have this key either, what it signed is not the issuer’s.',
  wrong_algorithm: 'It does not fit the key it names: fetch it anew from the issuer.',
  bad_signature: 'It was changed, or somebody else made it: fetch it anew from the issuer.',
  key_compromised: 'It was signed with a key that had been stolen by then: fetch it anew from the issuer.',
  key_retired: 'It was signed with a key that signed no more by then: fetch it anew from the issuer.',
  secret_missing: 'It is encrypted: pass the license key, and for a machine file the fingerprint too.',
  cannot_decrypt: 'It was made for another license key or another machine: fetch one for this key and machine.',
  wrong_license: 'It belongs to another license key: fetch one for this key.',
  wrong_account: 'It comes from another issuer: check the address it was fetched from, and the key set.',
  fingerprint_missing: 'Pass the fingerprint of this machine.',
  wrong_fingerprint: 'It was made for another machine: activate this one and fetch a machine file for it.',
  expired: 'Connect and fetch a new one; if the license itself has expired, renew it.',
  revoked: 'Ask the vendor for a new license key.',
  list_missing: 'Connect and fetch the revocation list, or import it from a file.',
  list_stale: 'Connect and fetch the newest revocation list, or import it from a file.',
  list_rolled_back: 'Keep the newer revocation list, and fetch the newest.',
  key_set_rolled_back: 'Keep the newer key set, and fetch the newest.',
  wrong_root: 'The key set is not the issuer’s: check the address it was fetched from, and the root key built in here.',
  clock_behind: 'Set the clock of this machine: it is more than five minutes behind.',
  clock_turned_back: 'Set the clock of this machine: it was later the last time this program ran.',
  response_too_old: 'Ask again, and check the clock of this machine: the response is more than five minutes old.',
  wrong_digest: 'The body is not what was sent: check proxies in between, and pass the exact bytes received.',
  wrong_nonce: 'It answers another request: ask again.',
} as const;
export type Reason = keyof typeof REMEDIES;

/** `reason` is for programs, `detail` says what was found, `remedy` what to do. */
export interface Refusal<R extends Reason = Reason> {
  readonly ok: false;
  readonly reason: R;
  readonly detail: string;
  readonly remedy: string;
}

export const refuse = <R extends Reason>(reason: R, detail: string): Refusal<R> => ({
  ok: false,
  reason,
  detail,
  remedy: REMEDIES[reason],
});

/** A stranger's value for a detail: on one line, in ASCII, short. */
export function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'nothing').replace(/[^\x20-\x7e]/g, '?');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
