import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCheckpointKeys } from '@bastionary/platform/audit-checkpoint-key';
import { formatLine, type LeafLine } from '@bastionary/platform/rules/audit-export';
import { AuditVerification } from '@bastionary/platform/rules/audit-verification';
import { startApi } from '@bastionary/testing/api-process';
import { waitFor } from '@bastionary/testing/wait-for';
import { startWorker } from '@bastionary/testing/worker-process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { Works } from './support.js';

const WRITERS = 16;
const TRANSACTIONS = Number(process.env.SEAL_TRANSACTIONS ?? 60);
const KILLS = Number(process.env.SEAL_KILLS ?? 4);
const patience = { within: 60_000 };

let works: Works;
beforeAll(async () => {
  works = await Works.open({ AUDIT_CHECKPOINT_SECONDS: '1', AUDIT_CHECKPOINT_RECORDS: '50' });
});
afterAll(() => works.close());

const dice = (faces: number): number => Math.floor(Math.random() * faces);

/** Writes records in transactions of random length that overlap, every third of which is rolled back. */
async function write(writer: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: works.database.url });
  await client.connect();
  const committed: string[] = [];
  try {
    for (let count = 0; count < TRANSACTIONS; count++) {
      const targets = Array.from({ length: 1 + dice(3) }, (_, part) => `w${writer}:${count}:${part}`);
      await client.query('BEGIN');
      for (const target of targets) {
        await client.query(
          `INSERT INTO audit_log (at, actor, action, target, detail) VALUES (clock_timestamp(), 'system:test', 'test.written', $1, '{}')`,
          [target],
        );
        await client.query('SELECT pg_sleep($1)', [dice(20) / 1_000]);
      }
      const isKept = dice(3) > 0;
      await client.query(isKept ? 'COMMIT' : 'ROLLBACK');
      if (isKept) committed.push(...targets);
    }
  } finally {
    await client.end();
  }
  return committed;
}

const isSealed = async () => {
  const [row] = await works.sql(
    'SELECT (SELECT count(*) FROM audit_log) AS records, (SELECT count(*) FROM audit_leaf) AS leaves',
  );
  return row.records === row.leaves;
};

const checkpointed = async () => {
  const [row] = await works.sql(
    `SELECT (SELECT max(idx) FROM audit_leaf) AS leaves, (SELECT max(size) FROM audit_checkpoint) AS signed,
      (SELECT count(*) FROM audit_checkpoint) AS checkpoints`,
  );
  const filed = fileLines().length;
  return row.leaves === row.signed && filed === Number(row.checkpoints) && filed;
};

const fileLines = () => readFileSync(join(works.api.dataDir, 'audit-checkpoints.log'), 'utf8').split('\n').slice(0, -1);

/** Every seal with its record, read as the test sees fit, not as the platform does. */
async function leaves(): Promise<LeafLine[]> {
  const rows = await works.sql(
    `SELECT x.idx, x.leaf, x.chain, l.seq, l.txid::text, l.at, l.actor, l.action, l.target, l.request_id, l.address, l.detail
     FROM audit_leaf x JOIN audit_log l USING (seq) ORDER BY x.idx`,
  );
  return rows.map(({ idx, leaf, chain, at, ...record }) => ({
    type: 'leaf',
    index: idx,
    seq: record.seq,
    leaf: leaf.toString('base64url'),
    chain: chain.toString('base64url'),
    record: { ...record, at: at.toISOString() },
  }));
}

describe('the seal', () => {
  test(`${WRITERS} writers that roll back a third, two workers, one of them killed ${KILLS} times: every record is sealed, densely, once`, async () => {
    await works.worker();
    const written = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = await works.worker();
      const [before] = await works.sql('SELECT count(*)::int AS count FROM audit_leaf');
      await waitFor(
        'it to go on',
        async () =>
          (await isSealed()) ||
          (await works.sql('SELECT count(*)::int AS count FROM audit_leaf'))[0].count > before.count,
        patience,
      );
      await victim.kill();
    }
    const targets = (await written).flat();
    await waitFor('every record to be sealed', isSealed, patience);
    const filed = await waitFor('a checkpoint of all', checkpointed, patience);

    const all = await leaves();
    expect(all.map(({ index }) => Number(index))).toEqual(all.map((_leaf, place) => place + 1));
    const sealed = all.flatMap(({ record }) => (record?.action === 'test.written' ? [record.target] : []));
    expect(sealed.toSorted()).toEqual(targets.toSorted());

    const { verifiers } = loadCheckpointKeys({
      BASTIONARY_DATA_DIR: works.api.dataDir,
      AUDIT_CHECKPOINT_KEY: undefined,
    });
    const verification = new AuditVerification(verifiers, fileLines());
    verification.line(
      formatLine({
        type: 'audit_export',
        version: '1',
        exported_at: new Date(Date.now() + 60_000).toISOString(),
        size: String(all.length),
        checkpoints: String(filed),
        public_key: null,
      }),
    );
    for (const line of all) verification.line(formatLine(line));
    for (const line of fileLines()) verification.line(line);
    expect(verification.end()).toMatchObject({
      intact: true,
      size: BigInt(all.length),
      signedUpTo: BigInt(all.length),
    });
  }, 240_000);

  test('a record of a transaction that stays open is sealed when it is over, behind those that came later', async () => {
    const slow = new pg.Client({ connectionString: works.database.url });
    await slow.connect();
    const insert = `INSERT INTO audit_log (at, actor, action, target, detail) VALUES (now(), 'system:test', 'test.slow', $1, '{}') RETURNING seq`;
    try {
      await slow.query('BEGIN');
      const [first] = (await slow.query(insert, ['slow'])).rows;
      const [second] = await works.sql(insert, ['quick']);
      expect(BigInt(second.seq)).toBeGreaterThan(BigInt(first.seq));
      expect(await isSealed()).toBe(false);
      await slow.query('COMMIT');
    } finally {
      await slow.end();
    }
    await waitFor('both to be sealed', isSealed, patience);
    const rows = await works.sql(
      "SELECT target FROM audit_leaf JOIN audit_log USING (seq) WHERE action = 'test.slow' ORDER BY idx",
    );
    expect(rows.map(({ target }) => target)).toEqual(['slow', 'quick']);
  });

  test('what another server wrote before a restore is sealed too', async () => {
    await works.sql(
      `INSERT INTO audit_log (txid, at, actor, action, target, detail) VALUES ('900000000000', now(), 'system:test', 'test.restored', 'past all', '{}')`,
    );
    await waitFor('it to be sealed', isSealed, patience);
    // The newest seal is now of a transaction that this server will not reach: the sweep finds what comes after it.
    await works.client();
    await waitFor('the next to be sealed', isSealed, { within: 100_000 });
  }, 180_000);
});

describe('the checkpoint key', () => {
  const LOST = /AUDIT_CHECKPOINT_KEY is not set and .* does not exist; restore it from a backup/;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'bastionary-moved-'));
    await copyFile(join(works.api.dataDir, 'encryption-keys'), join(dataDir, 'encryption-keys'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  test('a worker without it does not start, and says what to do', async () => {
    await expect(startWorker({ databaseUrl: works.database.url, dataDir })).rejects.toThrow(LOST);
  });

  test('is never made a second time once something is signed with it', async () => {
    await waitFor('a checkpoint', checkpointed, patience);
    await expect(startApi({ databaseUrl: works.database.url, dataDir })).rejects.toThrow(LOST);
  });
});
