"""python3 check_vectors.py <licensing.json>: the published test vectors, except those of responses."""

import json
import sys

import bastionary_license as licenses

with open(sys.argv[1], encoding="utf-8") as file:
    vectors = json.load(file)
key_set = licenses.verify_key_set(json.dumps(vectors["key_sets"]["current"]), vectors["root"])


def verify(what, text, options):
    now = licenses._instant(options.get("now", vectors["now"]))
    name, seen = options.get("revocation_list"), options.get("last_seen")
    last_seen = licenses._instant(seen) if seen else None
    if what == "key-set":
        found = licenses.verify_key_set(text, vectors["root"], options.get("last_version"))
        if options.get("account", found["account"]) != found["account"]:
            raise licenses.Refused("wrong_account", "The key set is that of another account.")
        return
    if what == "revocation-list":
        licenses.verify_revocation_list(text, key_set, now, options.get("last_sequence"))
        return
    known = licenses.verify_revocation_list(vectors["revocation_lists"][name], key_set, now) if name else None
    if what == "key":
        licenses.verify_license_key(text, key_set, now, known, last_seen, options.get("scheme"))
        return
    fingerprint = options.get("fingerprint")
    if what == "machine-file" and not fingerprint:
        raise licenses.Refused("fingerprint_missing", "A machine file holds for one machine only.")
    licenses.verify_license_file(text, key_set, now, options.get("license_key"), fingerprint, known, last_seen)


checked = wrong = 0
for case in vectors["cases"]:
    if case["verify"] == "response":
        continue
    checked += 1
    try:
        verify(case["verify"], case["input"], case["options"])
        found = "ok"
    except licenses.Refused as refused:
        found = refused.reason
    wanted = "ok" if case["expect"]["ok"] else case["expect"]["reason"]
    if found != wanted:
        wrong += 1
        print(f"{case['name']}: {found}, expected {wanted}")
print(f"{checked - wrong} of {checked} vectors")
sys.exit(1 if wrong else 0)
