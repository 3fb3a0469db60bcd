// go run . <licensing.json>: the published test vectors, except those of responses.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

type vectors struct {
	Now             time.Time
	Root            string
	KeySets         map[string]json.RawMessage `json:"key_sets"`
	RevocationLists map[string]string          `json:"revocation_lists"`
	Cases           []struct {
		Name, Verify string
		Input        json.RawMessage
		Options      struct {
			Now            *time.Time
			Scheme         string
			Fingerprint    string
			Account        string
			LastSeen       time.Time `json:"last_seen"`
			LicenseKey     string    `json:"license_key"`
			RevocationList string    `json:"revocation_list"`
			LastVersion    int       `json:"last_version"`
			LastSequence   int       `json:"last_sequence"`
		}
		Expect struct {
			Ok     bool
			Reason string
		}
	}
}

func main() {
	var all vectors
	data, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		panic(err)
	}
	keySet, err := VerifyKeySet(string(all.KeySets["current"]), all.Root, 0)
	if err != nil {
		panic(err)
	}
	checked, wrong := 0, 0
	for _, one := range all.Cases {
		if one.Verify == "response" {
			continue
		}
		checked++
		given := one.Options
		checks := Checks{KeySet: keySet, Now: all.Now, LastSeen: given.LastSeen, LicenseKey: given.LicenseKey,
			Fingerprint: given.Fingerprint, Scheme: given.Scheme}
		if given.Now != nil {
			checks.Now = *given.Now
		}
		if given.RevocationList != "" {
			checks.RevocationList, _ = VerifyRevocationList(all.RevocationLists[given.RevocationList], checks, 0)
		}
		var input string
		_ = json.Unmarshal(one.Input, &input)
		var err error
		switch {
		case one.Verify == "key":
			_, err = VerifyLicenseKey(input, checks)
		case one.Verify == "revocation-list":
			_, err = VerifyRevocationList(input, checks, given.LastSequence)
		case one.Verify == "key-set":
			var found *KeySet
			found, err = VerifyKeySet(input, all.Root, given.LastVersion)
			if err == nil && given.Account != "" && given.Account != found.Account {
				err = refuse("wrong_account", "The key set is that of another account.")
			}
		case one.Verify == "machine-file" && given.Fingerprint == "":
			err = refuse("fingerprint_missing", "A machine file holds for one machine only.")
		default:
			_, err = VerifyFile(input, checks)
		}
		found, wanted := "ok", "ok"
		var refused *Refused
		if errors.As(err, &refused) {
			found = refused.Reason
		}
		if !one.Expect.Ok {
			wanted = one.Expect.Reason
		}
		if found != wanted {
			wrong++
			fmt.Printf("%s: %s, expected %s\n", one.Name, found, wanted)
		}
	}
	fmt.Printf("%d of %d vectors\n", checked-wrong, checked)
	if wrong > 0 {
		os.Exit(1)
	}
}
