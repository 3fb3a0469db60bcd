// @ts-check

const CHUNK = 50_000;
const padded = (/** @type {number} */ n) => String(n).padStart(26, '0');

/**
 * Fills the tables with licences and machines that are alive, in bulk: what they hold is what the actions write.
 * @param {{ query(statement: string, values?: unknown[]): Promise<unknown> }} pool
 * @param {string} policyId
 * @param {number} licenses
 * @param {number} machinesEach
 */
export async function fillLicenses(pool, policyId, licenses, machinesEach) {
  for (let from = 0; from < licenses; from += CHUNK) {
    const to = Math.min(licenses, from + CHUNK) - 1;
    await pool.query(
      `INSERT INTO license (id, policy_id, key_sealed, key_digest, key_hint, created_at, updated_at)
       SELECT 'lic_' || lpad(n::text, 26, '0'), $1, 'v1.bench.' || repeat('x', 180), sha256(('BENCH-' || lpad(n::text, 26, '0'))::bytea),
         right(lpad(n::text, 26, '0'), 6), now(), now()
       FROM generate_series($2::bigint, $3::bigint) n`,
      [policyId, from, to],
    );
    await pool.query(
      `INSERT INTO machine (id, license_id, fingerprint, last_heartbeat_at, dies_at, created_at, updated_at)
       SELECT 'mch_' || lpad((n * $3 + k)::text, 26, '0'), 'lic_' || lpad(n::text, 26, '0'), 'machine-' || n || '-' || k,
         now(), now() + interval '1 day', now(), now()
       FROM generate_series($1::bigint, $2::bigint) n, generate_series(0, $3::bigint - 1) k`,
      [from, to, machinesEach],
    );
  }
  await pool.query('ANALYZE license');
  await pool.query('ANALYZE machine');
  return {
    keyOf: (/** @type {number} */ n) => `BENCH-${padded(n)}`,
    licenseOf: (/** @type {number} */ n) => `lic_${padded(n)}`,
    machineOf: (/** @type {number} */ n, /** @type {number} */ k) => `mch_${padded(n * machinesEach + k)}`,
  };
}
