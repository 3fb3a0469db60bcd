// node verify-license.mjs <folder>: what a program does when it starts. The folder holds license-keys.json, machine.lic
// and what this program keeps from one run to the next, state.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyKeySet, verifyMachineFile } from '@bastionary/sdk/licensing';

// Built into the program: `root.x` of https://<issuer>/.well-known/license-keys.json, fetched once by its maker.
const ROOT = process.env.LICENSE_ROOT ?? '';

const folder = process.argv[2] ?? '.';
const statePath = join(folder, 'state.json');
const state = read(statePath, { lastVersion: null, lastSeen: null });

const keySet = verifyKeySet(readFileSync(join(folder, 'license-keys.json'), 'utf8'), { root: ROOT, ...state });
const license = keySet.ok
  ? verifyMachineFile(readFileSync(join(folder, 'machine.lic'), 'utf8'), {
      keySet,
      licenseKey: process.env.LICENSE_KEY,
      fingerprint: process.env.FINGERPRINT ?? '',
      lastSeen: state.lastSeen,
    })
  : { ...keySet, lastSeen: state.lastSeen };

const lastVersion = keySet.ok ? keySet.version : state.lastVersion;
writeFileSync(statePath, JSON.stringify({ lastVersion, lastSeen: license.lastSeen }));

if (license.ok)
  console.log(`Licensed until ${license.expiresAt ?? 'ever'}:`, license.entitlements, ...license.warnings);
else console.log(`Not licensed (${license.reason}). ${license.detail} ${license.remedy}`);

function read(path, otherwise) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return otherwise;
  }
}
