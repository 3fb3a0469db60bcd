// @ts-check
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bootstrap, explain } from './start/bootstrap.mjs';
import { root } from './start/places.mjs';
import { dataDirSetting } from './start/settings.mjs';

// `npm run audit:verify -- <export> [--checkpoints <file>] [--public-key <key>]`: whether an export of the audit log is
// what was sealed and signed; exit code 1 and the first bad record if not. Needs neither database nor network.
const usage = 'Usage: npm run audit:verify -- <export file> [--checkpoints <file>] [--public-key <name+hash+base64>]';

/** @param {string} name */
const rule = (name) => import(join(root, 'packages/platform/dist/rules', `${name}.js`));

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { checkpoints: { type: 'string' }, 'public-key': { type: 'string', multiple: true } },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new Error(usage);
  await bootstrap();
  const [{ AuditVerification }, { parseVerifier, parseSigner }] = await Promise.all([
    rule('audit-verification'),
    rule('signed-note'),
  ]);

  const ownKey = join(dataDirSetting(), 'audit-checkpoint-key');
  const ownFile = join(dataDirSetting(), 'audit-checkpoints.log');
  const isOwn = !values['public-key'] && existsSync(ownKey);
  const checkpoints = values.checkpoints ?? (isOwn && existsSync(ownFile) ? ownFile : null);
  const outside = checkpoints === null ? [] : readFileSync(checkpoints, 'utf8').split('\n').slice(0, -1);
  const given = values['public-key'] ?? (isOwn ? [parseSigner(readFileSync(ownKey, 'utf8')).publicKey] : null);

  /** @type {any} */
  let verification = null;
  let key = '';
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (verification === null) {
      const keys = given ?? [claimedKey(line)].filter((claimed) => claimed !== null);
      key = keys.join(', ');
      verification = new AuditVerification(keys.map(parseVerifier), outside);
    }
    verification.line(line);
  }
  verification ??= new AuditVerification([], outside);
  report(verification.end(), { key, isGiven: given !== null, checkpoints });
}

/** @param {string} header */
function claimedKey(header) {
  try {
    return /** @type {string | null} */ (JSON.parse(header).public_key) ?? null;
  } catch {
    return null;
  }
}

/** @param {any} verdict @param {{ key: string, isGiven: boolean, checkpoints: string | null }} with_ */
function report(verdict, { key, isGiven, checkpoints }) {
  console.log(`Public key         ${key || 'none'}${isGiven ? '' : ' (as the export says)'}`);
  console.log(`Checkpoint file    ${checkpoints ?? 'none'}`);
  if (!verdict.intact) {
    const { kind, from, to, seq, message } = verdict.fault;
    console.log(
      `First bad record   index ${from === to ? from : `${from} to ${to}`}${seq === null ? '' : `, number ${seq}`}`,
    );
    console.log(`\nBROKEN (${kind}): ${message}`);
    process.exitCode = 1;
    return;
  }
  const { size, signedUpTo, checkpoints: count, younger } = verdict;
  console.log(`Records            ${size}, signed up to ${signedUpTo} by ${count} checkpoints`);
  if (younger > 0) console.log(`Not used           ${younger} checkpoints younger than the export`);
  console.log('\nINTACT: every record is what was sealed; none is missing, added or moved.');
  if (!isGiven || checkpoints === null)
    console.log(
      'This holds against whoever lacks the checkpoint key. Against one who rewrote everything, give the public key and\nthe checkpoint file that you keep elsewhere.',
    );
}

main().catch((error) => {
  console.error(explain(error));
  process.exitCode = 1;
});
