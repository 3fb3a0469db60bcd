package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// Dataset is what a signed key says.
type Dataset struct {
	Kid     *string
	Issued  time.Time
	License struct {
		ID      string
		Created time.Time
		Expiry  *time.Time
	}
}

// VerifyLicenseKey verifies a signed key (key/...).
func VerifyLicenseKey(text string, checks Checks) (*Dataset, error) {
	text = strings.TrimSpace(text)
	encoded, encodedSignature, found := strings.Cut(strings.TrimPrefix(text, "key/"), ".")
	signature := unbase64(base64.URLEncoding, encodedSignature)
	var dataset Dataset
	if !found || !strings.HasPrefix(text, "key/") || signature == nil ||
		json.Unmarshal(unbase64(base64.URLEncoding, encoded), &dataset) != nil {
		return nil, refuse("malformed", "It is not key/, a dataset, a dot and a signature.")
	}
	algorithms := []string{"ed25519", "ecdsa-p256", "rsa-pss-sha256", "rsa-sha256"}
	if checks.Scheme != "" {
		algorithms = []string{schemes[checks.Scheme]}
	}
	key, err := findSigner(checks.KeySet, dataset.Kid, algorithms, []byte("key/"+encoded), signature)
	if err != nil {
		return nil, err
	}
	signedAt := dataset.Issued
	if signedAt.IsZero() {
		signedAt = dataset.License.Created
	}
	if err := checkSigningTime(key, signedAt); err != nil {
		return nil, err
	}
	if err := checkClock(checks, signedAt, checks.KeySet.IssuedAt); err != nil {
		return nil, err
	}
	if err := checkRevocation(checks.RevocationList, "ALLOW", dataset.License.ID, text, signedAt, checks.Now); err != nil {
		return nil, err
	}
	if dataset.License.Expiry != nil && checks.Now.After(*dataset.License.Expiry) {
		return nil, refuse("expired", "The license has expired.")
	}
	return &dataset, nil
}

// Resource is a part of a JSON:API document.
type Resource struct {
	ID, Type   string
	Attributes struct {
		Key, Fingerprint, Code string
		Metadata               map[string]any // of an entitlement: value, expiry
	}
	Relationships struct {
		License struct{ Data struct{ ID string } }
	}
}

// File is what a licence or machine file holds.
type File struct {
	Data     Resource
	Included []Resource
	Meta     struct {
		Kid                 *string
		Issued              time.Time
		Expiry              *time.Time
		GraceEndsAt         *time.Time `json:"grace_ends_at"`
		LicenseExpiry       *time.Time `json:"license_expiry"`
		StaleRevocationList string     `json:"stale_revocation_list"`
		Revocations         string
	}
}

// VerifyFile verifies a licence file of this platform (others do not say license_expiry); with a fingerprint, a machine file made for that machine.
func VerifyFile(text string, checks Checks) (*File, error) {
	kind := "license"
	if checks.Fingerprint != "" {
		kind = "machine"
	}
	body, signature, err := readEnvelope(text, kind)
	if err != nil {
		return nil, err
	}
	encoding, algorithm, _ := strings.Cut(body.Alg, "+")
	key, err := findSigner(checks.KeySet, body.Kid, []string{algorithm}, []byte(kind+"/"+body.Enc), signature)
	if err != nil {
		return nil, err
	}
	plain := unbase64(base64.StdEncoding, body.Enc)
	if encoding == "aes-256-gcm" {
		if checks.LicenseKey == "" {
			return nil, refuse("secret_missing", "It is encrypted.")
		}
		if plain, err = decrypt(body.Enc, checks.LicenseKey+checks.Fingerprint); err != nil {
			return nil, err
		}
	}
	var file File
	if json.Unmarshal(plain, &file) != nil || file.Data.Type != kind+"s" || file.Meta.Issued.IsZero() {
		return nil, refuse("malformed", "It does not hold a "+kind+".")
	}
	if (file.Meta.Kid == nil) != (body.Kid == nil) || (body.Kid != nil && *file.Meta.Kid != *body.Kid) {
		return nil, refuse("bad_signature", "It names another key than the one it was signed with.")
	}
	if err := checkSigningTime(key, file.Meta.Issued); err != nil {
		return nil, err
	}
	return &file, judge(&file, checks)
}

func judge(file *File, checks Checks) error {
	list := checks.RevocationList
	// One in the file that cannot be verified any more counts as none.
	if inside, err := VerifyRevocationList(file.Meta.Revocations, checks, 0); err == nil && (list == nil || inside.Sequence > list.Sequence) {
		list = inside
	}
	times := []time.Time{file.Meta.Issued, checks.KeySet.IssuedAt}
	if list != nil {
		times = append(times, list.IssuedAt)
	}
	if err := checkClock(checks, times...); err != nil {
		return err
	}
	license := file.Data
	for _, one := range file.Included {
		if one.Type == "licenses" {
			license = one
		}
	}
	licenseID := file.Data.ID
	if file.Data.Type == "machines" {
		licenseID = file.Data.Relationships.License.Data.ID
		if file.Data.Attributes.Fingerprint != checks.Fingerprint {
			return refuse("wrong_fingerprint", "It was made for another machine.")
		}
	}
	key := license.Attributes.Key
	if checks.LicenseKey != "" && key != "" && key != checks.LicenseKey {
		return refuse("wrong_license", "It belongs to another license key.")
	}
	if key == "" {
		key = checks.LicenseKey
	}
	if err := checkRevocation(list, file.Meta.StaleRevocationList, licenseID, key, file.Meta.Issued, checks.Now); err != nil {
		return err
	}
	licenseEnds := file.Meta.LicenseExpiry
	if licenseEnds != nil && file.Meta.GraceEndsAt != nil && file.Meta.GraceEndsAt.After(*licenseEnds) {
		licenseEnds = file.Meta.GraceEndsAt
	}
	for _, end := range []*time.Time{file.Meta.Expiry, licenseEnds} {
		if end != nil && checks.Now.After(*end) {
			return refuse("expired", "The license or its file has expired.")
		}
	}
	return nil
}

type envelope struct {
	Enc, Sig, Alg string
	Kid           *string
}

func readEnvelope(text, kind string) (*envelope, []byte, error) {
	match := armour.FindStringSubmatch(strings.TrimSpace(text))
	if match == nil || match[1] != match[3] {
		return nil, nil, refuse("malformed", "It is not between BEGIN and END.")
	}
	if match[1] != strings.ToUpper(kind) {
		return nil, nil, refuse("wrong_type", "It is not a "+kind+" file.")
	}
	lines := strings.NewReplacer("\r", "", "\n", "").Replace(match[2])
	decoder := json.NewDecoder(strings.NewReader(string(unbase64(base64.StdEncoding, lines))))
	decoder.DisallowUnknownFields()
	var body envelope
	if decoder.Decode(&body) != nil || decoder.More() {
		return nil, nil, refuse("malformed", "What stands in it is not a file.")
	}
	encoding, algorithm, _ := strings.Cut(body.Alg, "+")
	if (encoding != "base64" && encoding != "aes-256-gcm") || keyFor[algorithm] == "" {
		return nil, nil, refuse("unknown_algorithm", "Its algorithm is "+body.Alg+".")
	}
	signature := unbase64(base64.StdEncoding, body.Sig)
	if signature == nil {
		return nil, nil, refuse("malformed", "Its signature is not whole.")
	}
	return &body, signature, nil
}
