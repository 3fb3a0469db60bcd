// Verifies licences without a network. Needs Go 1.22 and nothing else; copy it into your program.
package main

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"time"
)

const tolerance = 5 * time.Minute

var keyFor = map[string]string{"ed25519": "OKP", "ecdsa-p256": "EC", "rsa-pss-sha256": "RSA", "rsa-sha256": "RSA"}

var schemes = map[string]string{
	"ED25519_SIGN": "ed25519", "ECDSA_P256_SIGN": "ecdsa-p256",
	"RSA_2048_PKCS1_PSS_SIGN_V2": "rsa-pss-sha256", "RSA_2048_PKCS1_SIGN_V2": "rsa-sha256",
}

// Refused says why: Reason is one of those in the README, Detail what was found.
type Refused struct{ Reason, Detail string }

func (r *Refused) Error() string { return r.Reason + ": " + r.Detail }

func refuse(reason, detail string) error { return &Refused{reason, detail} }

// Key is a public key of a key set.
type Key struct {
	Kty, Kid, State, X, Y, N, E string
	RetiredAt                   *time.Time `json:"retired_at"`
	CompromisedFrom             *time.Time `json:"compromised_from"`
}

// KeySet is what the root key signed. Keep Version.
type KeySet struct {
	Account  string
	Version  int
	IssuedAt time.Time `json:"issued_at"`
	Keys     []Key
}

// RevocationList names what is dead before its time. Keep Sequence.
type RevocationList struct {
	Account    string
	Sequence   int
	IssuedAt   time.Time `json:"issued_at"`
	NextUpdate time.Time `json:"next_update"`
	Revoked    []struct {
		License, Reason string
		KeyDigest       string `json:"key_digest"`
		At              time.Time
	}
}

// Checks is what a program knows when it verifies something.
type Checks struct {
	KeySet         *KeySet
	Now            time.Time
	LastSeen       time.Time // zero: the first run
	LicenseKey     string    // decrypts an encrypted file
	Fingerprint    string    // of this machine, for a machine file
	Scheme         string    // of a signed key, if it is known
	RevocationList *RevocationList
}

// VerifyKeySet reads license-keys.json or the "signed" in it. root: 32 bytes in base64url, built into the program.
func VerifyKeySet(document, root string, lastVersion int) (*KeySet, error) {
	signed := strings.TrimSpace(document)
	if strings.HasPrefix(signed, "{") {
		var whole struct{ Signed string }
		if json.Unmarshal([]byte(signed), &whole) != nil {
			return nil, refuse("malformed", "It is not a key set.")
		}
		signed = whole.Signed
	}
	var set KeySet
	kid, input, signature, err := readList(signed, "license-keys", &set)
	if err != nil {
		return nil, err
	}
	thumbprint := sha256.Sum256([]byte(fmt.Sprintf(`{"crv":"Ed25519","kty":"OKP","x":%q}`, root)))
	if kid != base64.RawURLEncoding.EncodeToString(thumbprint[:]) {
		return nil, refuse("wrong_root", "Another root key signed the key set.")
	}
	if !isSigned("ed25519", &Key{Kty: "OKP", X: root}, input, signature) {
		return nil, refuse("bad_signature", "The signature is not that of the root key.")
	}
	if set.Version < lastVersion {
		return nil, refuse("key_set_rolled_back", "A newer key set is known here.")
	}
	return &set, nil
}

// VerifyRevocationList refuses one that is older than the last; a stale one is for the policy to judge.
func VerifyRevocationList(text string, checks Checks, lastSequence int) (*RevocationList, error) {
	var list RevocationList
	kid, input, signature, err := readList(strings.TrimSpace(text), "license-revocations", &list)
	if err != nil {
		return nil, err
	}
	key, err := findSigner(checks.KeySet, &kid, []string{"ed25519"}, input, signature)
	if err != nil {
		return nil, err
	}
	if err := checkSigningTime(key, list.IssuedAt); err != nil {
		return nil, err
	}
	if list.Account != checks.KeySet.Account {
		return nil, refuse("wrong_account", "The revocation list is that of another issuer.")
	}
	if list.Sequence < lastSequence {
		return nil, refuse("list_rolled_back", "A newer revocation list is known here.")
	}
	return &list, checkClock(Checks{Now: checks.Now}, list.IssuedAt)
}

func readList(text, typ string, payload any) (kid string, input, signature []byte, err error) {
	malformed := refuse("malformed", "It is not a compact JWS.")
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return "", nil, nil, malformed
	}
	var header map[string]string
	if json.Unmarshal(unbase64(base64.RawURLEncoding, parts[0]), &header) != nil {
		return "", nil, nil, malformed
	}
	if header["alg"] != "EdDSA" {
		return "", nil, nil, refuse("unknown_algorithm", "Its algorithm is not EdDSA.")
	}
	if header["typ"] != typ {
		return "", nil, nil, refuse("wrong_type", "It is not of the type "+typ+".")
	}
	signature = unbase64(base64.RawURLEncoding, parts[2])
	if len(header) != 3 || signature == nil || json.Unmarshal(unbase64(base64.RawURLEncoding, parts[1]), payload) != nil {
		return "", nil, nil, malformed
	}
	return header["kid"], []byte(parts[0] + "." + parts[1]), signature, nil
}

// kid nil: none is named, so every key of the kind is asked.
func findSigner(set *KeySet, kid *string, algorithms []string, signed, signature []byte) (*Key, error) {
	refusal := refuse("unknown_key", "The key set has no such key.")
	for i := range set.Keys {
		key := &set.Keys[i]
		if kid != nil && key.Kid != *kid {
			continue
		}
		if refusal.(*Refused).Reason == "unknown_key" {
			refusal = refuse("wrong_algorithm", "No key that it could be signs with this algorithm.")
		}
		for _, algorithm := range algorithms {
			if keyFor[algorithm] != key.Kty {
				continue
			}
			if isSigned(algorithm, key, signed, signature) {
				return key, nil
			}
			refusal = refuse("bad_signature", "The signature does not belong to these bytes.")
		}
	}
	return nil, refusal
}

func isSigned(algorithm string, key *Key, signed, signature []byte) bool {
	digest := sha256.Sum256(signed)
	switch algorithm {
	case "ed25519":
		public := unbase64(base64.RawURLEncoding, key.X)
		return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, signed, signature)
	case "ecdsa-p256":
		public := ecdsa.PublicKey{Curve: elliptic.P256(), X: number(key.X), Y: number(key.Y)}
		return ecdsa.VerifyASN1(&public, digest[:], signature)
	case "rsa-pss-sha256":
		return rsa.VerifyPSS(rsaKey(key), crypto.SHA256, digest[:], signature, nil) == nil
	case "rsa-sha256":
		return rsa.VerifyPKCS1v15(rsaKey(key), crypto.SHA256, digest[:], signature) == nil
	}
	return false
}

func rsaKey(key *Key) *rsa.PublicKey {
	return &rsa.PublicKey{N: number(key.N), E: int(number(key.E).Int64())}
}

func checkSigningTime(key *Key, signedAt time.Time) error {
	if key.State == "compromised" && (key.CompromisedFrom == nil || !signedAt.Before(*key.CompromisedFrom)) {
		return refuse("key_compromised", "What this key signed by then does not count.")
	}
	if key.RetiredAt != nil && signedAt.Sub(*key.RetiredAt) > tolerance {
		return refuse("key_retired", "This key had been retired by then.")
	}
	return nil
}

func checkClock(checks Checks, signedAt ...time.Time) error {
	for _, at := range signedAt {
		if at.Sub(checks.Now) > tolerance {
			return refuse("clock_behind", "The clock of this machine is behind.")
		}
	}
	if checks.LastSeen.Sub(checks.Now) > tolerance {
		return refuse("clock_turned_back", "It was later the last time this program ran.")
	}
	return nil
}

func checkRevocation(list *RevocationList, policy, licenseID, licenseKey string, signedAt, now time.Time) error {
	if list != nil {
		sum := sha256.Sum256([]byte(licenseKey))
		digest := base64.RawURLEncoding.EncodeToString(sum[:])
		for _, entry := range list.Revoked {
			replaced := licenseKey == "" && signedAt.Before(entry.At)
			if (licenseKey != "" && entry.KeyDigest == digest) ||
				(entry.License == licenseID && (entry.Reason != "reissued" || replaced)) {
				return refuse("revoked", "The license or its key was revoked.")
			}
		}
	}
	if policy != "REFUSE" {
		return nil
	}
	if list == nil {
		return refuse("list_missing", "This license may not be used without a revocation list.")
	}
	if now.After(list.NextUpdate) {
		return refuse("list_stale", "The revocation list is older than it should be.")
	}
	return nil
}

func decrypt(enc, secret string) ([]byte, error) {
	refusal := refuse("cannot_decrypt", "It was made for another license key or machine.")
	parts := strings.Split(enc, ".")
	if len(parts) != 3 {
		return nil, refusal
	}
	ciphertext, iv, tag := unbase64(base64.StdEncoding, parts[0]), unbase64(base64.StdEncoding, parts[1]), unbase64(base64.StdEncoding, parts[2])
	if ciphertext == nil || len(iv) != 12 || len(tag) != 16 {
		return nil, refusal
	}
	key := sha256.Sum256([]byte(secret))
	block, _ := aes.NewCipher(key[:])
	gcm, _ := cipher.NewGCM(block)
	plain, err := gcm.Open(nil, iv, append(ciphertext, tag...), nil)
	if err != nil {
		return nil, refusal
	}
	return plain, nil
}

// The bytes of base64 in its one spelling, or nil.
func unbase64(encoding *base64.Encoding, text string) []byte {
	data, err := encoding.Strict().DecodeString(text)
	if err != nil || encoding.EncodeToString(data) != text {
		return nil
	}
	return data
}

func number(text string) *big.Int {
	return new(big.Int).SetBytes(unbase64(base64.RawURLEncoding, text))
}

var armour = regexp.MustCompile(`(?s)^-----BEGIN (LICENSE|MACHINE) FILE-----\r?\n(.*?)\r?\n-----END (LICENSE|MACHINE) FILE-----$`)
