import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadCheckpointKeys } from '@bastionary/platform/audit-checkpoint-key';
import { AuditVerification } from '@bastionary/platform/rules/audit-verification';
import { managementToken } from '@bastionary/testing/http';
import type { Program } from '@bastionary/testing/program';
import { waitFor } from '@bastionary/testing/wait-for';
import { startWorker } from '@bastionary/testing/worker-process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { Intruder } from './tampering.js';

const CLIENTS = 24;
const patience = { within: 60_000 };
const env = { AUDIT_BEHIND_SECONDS: '1', AUDIT_CHECKPOINT_SECONDS: '1', AUDIT_CHECKPOINT_RECORDS: '5' };

let house: House;
let intruder: Intruder;
let publicKey: string;
let size: number;

const startSealer = (): Promise<Program> =>
  startWorker({ databaseUrl: house.api.databaseUrl, dataDir: house.api.dataDir, env });
const verification = async () => (await house.manage('/api/audit/verification')).body;
/** As if made an hour later: of a checkpoint signed just now, an export may not know yet. */
const exported = async (): Promise<string[]> => {
  const { body } = await house.manage<string | object>('/api/audit/export');
  const lines = typeof body === 'string' ? body.split('\n').slice(0, -1) : [JSON.stringify(body)];
  const later = new Date(Date.now() + 3_600_000).toISOString();
  return lines.map((line) => line.replace(/"exported_at":"[^"]+"/, `"exported_at":"${later}"`));
};
const onFile = (): string[] => readFileSync(file('audit-checkpoints.log'), 'utf8').split('\n').slice(0, -1);
const file = (name: string): string => join(house.api.dataDir, name);

const verdict = async () => {
  const { verifiers } = loadCheckpointKeys({
    BASTIONARY_DATA_DIR: house.api.dataDir,
    AUDIT_CHECKPOINT_KEY: undefined,
  });
  const check = new AuditVerification(verifiers, onFile());
  for (const line of await exported()) check.line(line);
  return check.end();
};

beforeAll(async () => {
  house = await House.open({ env });
  publicKey = (house.api.firstRun as { audit_public_key?: string } | null)?.audit_public_key ?? '';
  for (let count = 0; count < CLIENTS; count++) await house.client({ client_id: `sealed-${count}` });
});
afterAll(async () => {
  await intruder?.leave();
  await house.close();
});

describe('from the change to the signature', () => {
  test('without a worker, records wait, and the state says so', async () => {
    const body = await waitFor('the alarm', async () => {
      const state = await verification();
      return state.state === 'behind' && state;
    });
    const [{ count }] = await house.sql('SELECT count(*) FROM audit_log');
    expect(body).toEqual({
      state: 'behind',
      fault: null,
      sealed_up_to: '0',
      unsealed: count,
      oldest_unsealed_seconds: expect.any(Number),
      last_checkpoint: null,
      public_key: publicKey,
    });
  });

  test('a worker seals them in order, signs them, and keeps the checkpoints in a file', async () => {
    const worker = await startSealer();
    const body = await waitFor(
      'a checkpoint of all, on file',
      async () => {
        const state = await verification();
        const isDone = state.unsealed === '0' && state.last_checkpoint?.size === state.sealed_up_to;
        return isDone && onFile().some((line) => line.includes(`"size":"${state.sealed_up_to}"`)) && state;
      },
      patience,
    );
    await worker.stop();
    size = Number(body.sealed_up_to);
    expect(body).toMatchObject({ state: 'sealed', fault: null, oldest_unsealed_seconds: null });
    const [name] = publicKey.split('+');
    expect(body.last_checkpoint.note.split('\n').slice(0, 2)).toEqual([name, String(size)]);
    expect(worker.logs()).toContain(`"job":"checkpoint-audit","size":"${size}"`);

    const { body: page } = await house.manage(`/api/audit?limit=1&target=client:sealed-3`);
    expect(page.data[0].sealed).toEqual({
      index: expect.stringMatching(/^\d+$/),
      chain: expect.stringMatching(/^[\w-]{43}$/),
    });
    const [dense] = await house.sql('SELECT min(idx), max(idx), count(*) FROM audit_leaf');
    expect(dense).toEqual({ min: '1', max: String(size), count: String(size) });
  });

  test('the export holds every record and verifies', async () => {
    const answer = await house.manage<string>('/api/audit/export');
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      200,
      'application/jsonl',
      'attachment; filename="audit.jsonl"',
    ]);
    expect(answer.body.split('\n').filter((line) => line.startsWith('{"type":"leaf"')).length).toBe(size);
    expect(await verdict()).toMatchObject({ intact: true, size: BigInt(size), signedUpTo: BigInt(size) });
  });

  test('who may not read the log may not export or verify it', async () => {
    const token = await managementToken(house.api, ['clients:read']);
    for (const path of ['/api/audit/export', '/api/audit/verification'])
      expect((await house.manage(path, { token })).status).toBe(403);
  });
});

describe('an intruder with all power over the database', () => {
  beforeAll(async () => {
    intruder = await Intruder.at(house.api.databaseUrl);
  });

  const AT = 9;
  const of = `(SELECT seq FROM audit_leaf WHERE idx = ${AT})`;
  test.each<[string, string, string, string[]]>([
    ...(
      [
        ['actor', "'operator:nobody'"],
        ['action', "'client.deleted'"],
        ['target', "'client:other'"],
        ['detail', "'{}'"],
        ['detail', "'not even JSON'"],
        ['request_id', 'NULL'],
        ['address', "'203.0.113.9'"],
        ['at', "at + interval '1 ms'"],
        ['at', "'infinity'"],
        ['at', "'2026-11-23 09:00:00 BC'"],
        ['txid', "'9'"],
      ] as const
    ).map(([column, value]): [string, string, string, string[]] => [
      `sets ${column} to ${value}`,
      'altered',
      '9',
      [`UPDATE audit_log SET ${column} = ${value} WHERE seq = ${of}`],
    ]),
    ['changes a hash', 'altered', '9', [`UPDATE audit_leaf SET leaf = sha256('x') WHERE idx = ${AT}`]],
    ['changes a link', 'altered', '9', [`UPDATE audit_leaf SET chain = sha256('x') WHERE idx = ${AT}`]],
    ['deletes a record', 'missing', '9', [`DELETE FROM audit_log WHERE seq = ${of}`]],
    ['gives a record another number', 'missing', '9', [`UPDATE audit_log SET seq = DEFAULT WHERE seq = ${of}`]],
    [
      'deletes a record and its seal',
      'missing',
      '9',
      [`DELETE FROM audit_log WHERE seq = ${of}`, `DELETE FROM audit_leaf WHERE idx = ${AT}`],
    ],
    [
      'deletes a record and numbers the rest anew',
      'missing',
      '9',
      [
        `DELETE FROM audit_leaf WHERE idx = ${AT}`,
        `UPDATE audit_leaf SET idx = idx + 1000000 WHERE idx > ${AT}`,
        'UPDATE audit_leaf SET idx = idx - 1000001 WHERE idx > 1000000',
      ],
    ],
    [
      'swaps two records',
      'reordered',
      '9',
      [
        'CREATE TEMP TABLE swapped AS SELECT idx, seq FROM audit_leaf WHERE idx IN (9, 15)',
        'UPDATE audit_leaf SET seq = -seq WHERE idx IN (9, 15)',
        'UPDATE audit_leaf l SET seq = s.seq FROM swapped s WHERE l.idx = 24 - s.idx',
        'DROP TABLE swapped',
      ],
    ],
    ['cuts the tail', 'missing', '10', ['DELETE FROM audit_leaf WHERE idx > 9']],
    [
      'goes back to an older backup',
      'missing',
      '10',
      ['DELETE FROM audit_leaf WHERE idx > 9', 'DELETE FROM audit_checkpoint WHERE size > 9'],
    ],
    [
      'deletes everything',
      'missing',
      '1',
      ['DELETE FROM audit_leaf', 'DELETE FROM audit_log', 'DELETE FROM audit_checkpoint'],
    ],
  ])('%s: found as %s at %s', async (_what, kind, at, statements) => {
    try {
      await intruder.does(...statements);
      expect(await verdict()).toMatchObject({ intact: false, fault: { kind, to: BigInt(at) } });
      expect(await verification()).toMatchObject({ state: 'broken', fault: expect.stringMatching(/\S/) });
      expect((await house.manage('/api/audit')).status).toBe(200);
    } finally {
      await intruder.undo();
    }
    expect(await verdict()).toMatchObject({ intact: true });
  });

  test.each([
    [
      'the time',
      "UPDATE audit_checkpoint SET at = at - interval '1 day' WHERE size = (SELECT max(size) FROM audit_checkpoint)",
    ],
    ['the note', "UPDATE audit_checkpoint SET note = replace(note, 'at 2', 'at 1')"],
    ['the head', "UPDATE audit_checkpoint SET head = sha256('x')"],
    ['its existence', 'DELETE FROM audit_checkpoint WHERE size = (SELECT min(size) FROM audit_checkpoint)'],
  ])('takes from a checkpoint %s: found', async (_what, statement) => {
    try {
      await intruder.does(statement);
      expect(await verdict()).toMatchObject({ intact: false, fault: { kind: 'checkpoint' } });
    } finally {
      await intruder.undo();
    }
  });

  test('a worker signs nothing over a log that goes back, and says so', async () => {
    const before = onFile();
    await intruder.does('DELETE FROM audit_leaf WHERE idx > 9', 'DELETE FROM audit_checkpoint WHERE size > 9');
    await intruder.does(
      "UPDATE audit_log SET actor = 'operator:nobody' WHERE seq > (SELECT seq FROM audit_leaf WHERE idx = 9)",
    );
    const worker = await startSealer();
    try {
      await waitFor('the alarm', () => worker.logs().includes('are not those that the checkpoint of'), patience);
      expect(onFile()).toEqual(before);
      expect(await verification()).toMatchObject({ state: 'broken', fault: expect.stringContaining('are not those') });
    } finally {
      await worker.stop();
      await intruder.undo();
    }
  });
});

describe('npm run audit:verify', () => {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const run = async (...args: string[]): Promise<{ code: number; said: string }> => {
    const options = { cwd: root, env: { ...process.env, BASTIONARY_DATA_DIR: file('nowhere') } };
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['infra/audit-verify.mjs', ...args], options);
      return { code: 0, said: stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, said: stdout + stderr };
    }
  };

  test('says that a log is intact, or names the first bad record and ends with 1', async () => {
    const lines = await exported();
    writeFileSync(file('good.jsonl'), `${lines.join('\n')}\n`);
    writeFileSync(file('bad.jsonl'), `${lines.join('\n').replace('client:sealed-3"', 'client:sealed-x"')}\n`);
    const outside = ['--checkpoints', file('audit-checkpoints.log'), '--public-key', publicKey];
    const good = await run(file('good.jsonl'), ...outside);
    expect(good).toEqual({ code: 0, said: expect.stringContaining(`${size}, signed up to ${size}`) });
    expect(good.said).toContain('INTACT');
    const bad = await run(file('bad.jsonl'), ...outside);
    const [{ idx, seq }] = await house.sql(
      "SELECT idx, seq FROM audit_leaf JOIN audit_log USING (seq) WHERE target = 'client:sealed-3'",
    );
    expect(bad.code).toBe(1);
    expect(bad.said).toContain(`index ${idx}, number ${seq}`);
    expect(bad.said).toContain(`BROKEN (altered): Record ${seq} (index ${idx}) was altered.`);
  });

  test('without a key and checkpoints from outside it says how little that proves', async () => {
    const { code, said } = await run(file('good.jsonl'));
    expect([code, said.includes('(as the export says)'), said.includes('that you keep elsewhere')]).toEqual([
      0,
      true,
      true,
    ]);
  });

  test.each([[[]], [['/nowhere/export.jsonl']], [['a', 'b']]])('%j ends with 1', async (args: string[]) => {
    expect((await run(...args)).code).toBe(1);
  });
});
