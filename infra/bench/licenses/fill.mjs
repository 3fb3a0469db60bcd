// @ts-check

/** As long as it takes, unlike what requests may. */
const QUERY_MS = 600_000;
const CHUNK = 100_000;
const padded = (/** @type {number} */ n) => String(n).padStart(26, '0');

/**
 * Fills the tables with licences and machines that are alive, in bulk: what they hold is what the actions write, but that
 * no key is really sealed, which nothing that is measured opens. Indexes are made again at the end, as that is faster.
 * @param {{ connect(): Promise<any> }} pool
 * @param {string} policyId
 * @param {number} licenses
 * @param {number} machinesEach
 */
export async function fillLicenses(pool, policyId, licenses, machinesEach) {
  const began = performance.now();
  const client = await pool.connect();
  const run = (/** @type {string} */ text, /** @type {unknown[]} */ values = []) =>
    client.query({ text, values, query_timeout: QUERY_MS });
  await run(`SET statement_timeout = ${QUERY_MS}`);
  await run('SET synchronous_commit = off');
  await run("SET maintenance_work_mem = '512MB'");
  const { rows: indexes } = await run(
    `SELECT indexname, indexdef FROM pg_indexes
     WHERE tablename IN ('license', 'machine') AND indexname NOT IN (SELECT conname FROM pg_constraint)`,
  );
  for (const { indexname } of indexes) await run(`DROP INDEX "${indexname}"`);
  for (let from = 0; from < licenses; from += CHUNK) {
    const to = Math.min(licenses, from + CHUNK) - 1;
    await run(
      `INSERT INTO license (id, policy_id, key_sealed, key_digest, key_hint, created_at, updated_at)
       SELECT 'lic_' || lpad(n::text, 26, '0'), $1, 'v1.bench.' || repeat('x', 180),
         sha256(('BENCH-' || lpad(n::text, 26, '0'))::bytea), right(lpad(n::text, 26, '0'), 6), now(), now()
       FROM generate_series($2::bigint, $3::bigint) n`,
      [policyId, from, to],
    );
    await run(
      `INSERT INTO machine (id, license_id, fingerprint, last_heartbeat_at, dies_at, created_at, updated_at)
       SELECT 'mch_' || lpad((n * $3 + k)::text, 26, '0'), 'lic_' || lpad(n::text, 26, '0'), 'machine-' || n || '-' || k,
         now(), now() + interval '1 day', now(), now()
       FROM generate_series($1::bigint, $2::bigint) n, generate_series(0, $3::bigint - 1) k`,
      [from, to, machinesEach],
    );
  }
  for (const { indexdef } of indexes) await run(indexdef);
  await run('VACUUM ANALYZE license');
  await run('VACUUM ANALYZE machine');
  client.release(true);
  const took = Math.round((performance.now() - began) / 1_000);
  console.log(`filled ${licenses.toLocaleString('en')} licences with ${machinesEach} machines each in ${took} s`);
  return {
    keyOf: (/** @type {number} */ n) => `BENCH-${padded(n)}`,
    licenseOf: (/** @type {number} */ n) => `lic_${padded(n)}`,
    machineOf: (/** @type {number} */ n, /** @type {number} */ k) => `mch_${padded(n * machinesEach + k)}`,
  };
}
