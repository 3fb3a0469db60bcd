"""Verifies licences without a network. Needs Python 3.9 and `pip install cryptography`; copy it into your program."""

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta, timezone

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

TOLERANCE = timedelta(minutes=5)
KEY_FOR = {"ed25519": "OKP", "ecdsa-p256": "EC", "rsa-pss-sha256": "RSA", "rsa-sha256": "RSA"}
SCHEMES = {
    "ED25519_SIGN": "ed25519",
    "ECDSA_P256_SIGN": "ecdsa-p256",
    "RSA_2048_PKCS1_PSS_SIGN_V2": "rsa-pss-sha256",
    "RSA_2048_PKCS1_SIGN_V2": "rsa-sha256",
}


class Refused(Exception):
    """`reason` is one of those in the README; the message says what was found."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


def verify_key_set(document, root, last_version=None):
    """The keys of an issuer: license-keys.json or the `signed` in it. `root`: 32 bytes in base64url, built in."""
    signed = document.strip()
    if signed.startswith("{"):
        signed = json.loads(signed)["signed"]
    header, payload, signing_input, signature = _read_list(signed, "license-keys")
    if header["kid"] != _thumbprint({"crv": "Ed25519", "kty": "OKP", "x": root}):
        raise Refused("wrong_root", "Another root key signed the key set.")
    _check("ed25519", {"kty": "OKP", "x": root}, signing_input, signature)
    if last_version is not None and payload["version"] < last_version:
        raise Refused("key_set_rolled_back", f"Version {last_version} is known here.")
    return payload


def verify_revocation_list(text, key_set, now, last_sequence=None):
    """Raises if the list is not the issuer's or older than the last one; a stale one is for the policy to judge."""
    header, payload, signing_input, signature = _read_list(text.strip(), "license-revocations")
    key = _find_signer(key_set, header["kid"], ["ed25519"], signing_input, signature)
    _check_signing_time(key, _instant(payload["issued_at"]))
    if payload["account"] != key_set["account"]:
        raise Refused("wrong_account", "The revocation list is that of another issuer.")
    if last_sequence is not None and payload["sequence"] < last_sequence:
        raise Refused("list_rolled_back", f"Number {last_sequence} is known here.")
    _check_clock(now, None, [_instant(payload["issued_at"])])
    return payload


def verify_license_key(text, key_set, now, revocation_list=None, last_seen=None, scheme=None):
    """The dataset of a signed key (`key/...`)."""
    text = text.strip()
    match = re.fullmatch(r"key/([A-Za-z0-9_=-]+)\.([A-Za-z0-9_=-]+)", text)
    dataset_bytes, signature = (_unbase64(part, "-_") for part in match.groups()) if match else (None, None)
    dataset = _json_object(dataset_bytes)
    if signature is None or dataset is None:
        raise Refused("malformed", "It is not key/, a dataset, a dot and a signature.")
    algorithms = [SCHEMES[scheme]] if scheme else list(KEY_FOR)
    key = _find_signer(key_set, dataset.get("kid"), algorithms, f"key/{match.group(1)}".encode(), signature)
    license_ = dataset["license"]
    signed_at = _instant(dataset.get("issued") or license_["created"])
    _check_signing_time(key, signed_at)
    _check_clock(now, last_seen, [signed_at, _instant(key_set["issued_at"])])
    _check_revocation(revocation_list, "ALLOW", license_["id"], text, signed_at, now)
    if license_["expiry"] and now > _instant(license_["expiry"]):
        raise Refused("expired", f"It expired at {license_['expiry']}.")
    return dataset


def verify_license_file(text, key_set, now, license_key=None, fingerprint=None, revocation_list=None, last_seen=None):
    """What a licence file holds; with a fingerprint, a machine file made for that machine."""
    kind = "machine" if fingerprint else "license"
    algorithm, encrypted, body, signature = _read_envelope(text, kind)
    key = _find_signer(key_set, body.get("kid"), [algorithm], f"{kind}/{body['enc']}".encode(), signature)
    if encrypted and license_key is None:
        raise Refused("secret_missing", "It is encrypted.")
    plain = _decrypt(body["enc"], license_key + (fingerprint or "")) if encrypted else _unbase64(body["enc"])
    payload = _json_object(plain)
    if payload is None or payload["data"]["type"] != f"{kind}s":
        raise Refused("malformed", f"It does not hold a {kind}.")
    meta = payload["meta"]
    if meta.get("kid") != body.get("kid"):
        raise Refused("bad_signature", "It names another key than the one it was signed with.")
    issued = _instant(meta["issued"])
    _check_signing_time(key, issued)
    lists = [revocation_list] if revocation_list else []
    try:
        lists.append(verify_revocation_list(meta["revocations"], key_set, now))
    except (Refused, KeyError):
        pass  # one in the file that cannot be verified any more counts as none
    newest = max(lists, key=lambda one: one["sequence"], default=None)
    times = [issued, _instant(key_set["issued_at"])] + ([_instant(newest["issued_at"])] if newest else [])
    _check_clock(now, last_seen, times)
    resources = [payload["data"], *payload.get("included", [])]
    license_ = next((one for one in resources if one["type"] == "licenses"), {"attributes": {}})
    if fingerprint and payload["data"]["attributes"]["fingerprint"] != fingerprint:
        raise Refused("wrong_fingerprint", "It was made for another machine.")
    key_inside = license_["attributes"].get("key")
    if license_key and key_inside and key_inside != license_key:
        raise Refused("wrong_license", "It belongs to another license key.")
    license_id = payload["data"]["id"] if kind == "license" else payload["data"]["relationships"]["license"]["data"]["id"]
    policy = meta.get("stale_revocation_list", "ALLOW")
    _check_revocation(newest, policy, license_id, key_inside or license_key, issued, now)
    license_ends = meta["license_expiry"] if "license_expiry" in meta else license_["attributes"].get("expiry")
    grace_ends = max(license_ends, meta.get("grace_ends_at") or license_ends) if license_ends else None
    if any(end and now > _instant(end) for end in (meta["expiry"], grace_ends)):
        raise Refused("expired", f"It expired at {meta['expiry'] or grace_ends}.")
    return payload


def _read_list(text, typ):
    parts = text.split(".")
    header = _json_object(_unbase64url(parts[0]))
    signature = _unbase64url(parts[2]) if len(parts) == 3 else None
    if header is None or signature is None:
        raise Refused("malformed", "It is not a compact JWS.")
    if header.get("alg") != "EdDSA":
        raise Refused("unknown_algorithm", "Its algorithm is not EdDSA.")
    if header.get("typ") != typ:
        raise Refused("wrong_type", f"It is not of the type {typ}.")
    payload = _json_object(_unbase64url(parts[1]))
    if set(header) != {"alg", "kid", "typ"} or payload is None:
        raise Refused("malformed", "Its header or payload is not what it should be.")
    return header, payload, f"{parts[0]}.{parts[1]}".encode(), signature


def _read_envelope(text, kind):
    armour = r"-----BEGIN (LICENSE|MACHINE) FILE-----\r?\n(.*?)\r?\n-----END \1 FILE-----"
    match = re.fullmatch(armour, text.strip(), re.DOTALL)
    if match is None:
        raise Refused("malformed", "It is not between BEGIN and END.")
    if match.group(1) != kind.upper():
        raise Refused("wrong_type", f"It is not a {kind} file.")
    body = _json_object(_unbase64(re.sub(r"\r?\n", "", match.group(2))))
    if body is None or not {"enc", "sig", "alg"} <= set(body) <= {"enc", "sig", "alg", "kid"}:
        raise Refused("malformed", "What stands in it is not a file.")
    encoding, _, algorithm = body["alg"].partition("+")
    if encoding not in ("base64", "aes-256-gcm") or algorithm not in KEY_FOR:
        raise Refused("unknown_algorithm", f"Its algorithm is {body['alg']}.")
    signature = _unbase64(body["sig"])
    if signature is None:
        raise Refused("malformed", "Its signature is not whole.")
    return algorithm, encoding == "aes-256-gcm", body, signature


def _find_signer(key_set, kid, algorithms, signed, signature):
    keys = [key for key in key_set["keys"] if kid is None or key["kid"] == kid]
    if not keys:
        raise Refused("unknown_key", f"The key set has no key {kid}.")
    refusal = Refused("wrong_algorithm", "No key that it could be signs with this algorithm.")
    for key in keys:
        for algorithm in algorithms:
            if key["kty"] != KEY_FOR[algorithm]:
                continue
            try:
                _check(algorithm, key, signed, signature)
                return key
            except Refused as bad_signature:
                refusal = bad_signature
    raise refusal


def _check(algorithm, jwk, signed, signature):
    try:
        if algorithm == "ed25519":
            ed25519.Ed25519PublicKey.from_public_bytes(_unbase64url(jwk["x"])).verify(signature, signed)
        elif algorithm == "ecdsa-p256":
            numbers = ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP256R1())
            numbers.public_key().verify(signature, signed, ec.ECDSA(SHA256()))
        else:
            key = rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
            pss = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=padding.PSS.AUTO)
            key.verify(signature, signed, pss if algorithm == "rsa-pss-sha256" else padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        raise Refused("bad_signature", "The signature does not belong to these bytes.") from None


def _check_signing_time(key, signed_at):
    stolen, retired = key.get("compromised_from"), key.get("retired_at")
    if key["state"] == "compromised" and (stolen is None or signed_at >= _instant(stolen)):
        raise Refused("key_compromised", f"What {key['kid']} signed by then does not count.")
    if retired and signed_at > _instant(retired) + TOLERANCE:
        raise Refused("key_retired", f"{key['kid']} had been retired by then.")


def _check_clock(now, last_seen, signed_at):
    if max(signed_at) - now > TOLERANCE:
        raise Refused("clock_behind", "The clock of this machine is behind.")
    if last_seen and last_seen - now > TOLERANCE:
        raise Refused("clock_turned_back", "It was later the last time this program ran.")


def _check_revocation(revocation_list, policy, license_id, license_key, signed_at, now):
    digest = license_key and base64.urlsafe_b64encode(hashlib.sha256(license_key.encode()).digest()).rstrip(b"=").decode()
    for entry in revocation_list["revoked"] if revocation_list else []:
        same = entry["license"] == license_id
        replaced = digest is None and signed_at < _instant(entry["at"])
        if entry["key_digest"] == digest or (same and (entry["reason"] != "reissued" or replaced)):
            raise Refused("revoked", f"The license or its key was revoked at {entry['at']}.")
    if policy == "REFUSE" and revocation_list is None:
        raise Refused("list_missing", "This license may not be used without a revocation list.")
    if policy == "REFUSE" and now > _instant(revocation_list["next_update"]):
        raise Refused("list_stale", "The revocation list is older than it should be.")


def _decrypt(enc, secret):
    parts = [_unbase64(part) for part in enc.split(".")]
    if len(parts) != 3 or None in parts or len(parts[1]) != 12 or len(parts[2]) != 16:
        raise Refused("cannot_decrypt", "It is not encrypted as it says.")
    try:
        return AESGCM(hashlib.sha256(secret.encode()).digest()).decrypt(parts[1], parts[0] + parts[2], None)
    except InvalidTag:
        raise Refused("cannot_decrypt", "It was made for another license key or machine.") from None


def _unbase64(text, extra="+/"):
    """The bytes of base64 in its one spelling, or None."""
    try:
        data = base64.b64decode(text, altchars=extra.encode(), validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data, extra.encode()).decode() == text else None


def _unbase64url(text):
    return _unbase64(text + "=" * (-len(text) % 4), "-_")


def _json_object(data):
    try:
        value = json.loads(data.decode("utf-8")) if data is not None else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _thumbprint(jwk):
    text = json.dumps(jwk, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _number(text):
    return int.from_bytes(_unbase64url(text), "big")


def _instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)
