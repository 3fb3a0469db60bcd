// @ts-check

const CHUNK = 25_000;
/** Statements at once: one per core of the smallest machine. */
const AT_ONCE = 2;
const padded = (/** @type {number} */ n) => String(n).padStart(26, '0');

/**
 * Fills the tables with licences and machines that are alive, in bulk: what they hold is what the actions write, but that
 * no key is really sealed, which nothing that is measured opens.
 * @param {{ query(statement: string, values?: unknown[]): Promise<unknown> }} pool
 * @param {string} policyId
 * @param {number} licenses
 * @param {number} machinesEach
 */
export async function fillLicenses(pool, policyId, licenses, machinesEach) {
  const began = performance.now();
  let next = 0;
  const fill = async () => {
    for (let from = next; from < licenses; from = next) {
      next = from + CHUNK;
      const to = Math.min(licenses, next) - 1;
      await pool.query(
        `INSERT INTO license (id, policy_id, key_sealed, key_digest, key_hint, created_at, updated_at)
         SELECT 'lic_' || lpad(n::text, 26, '0'), $1, 'v1.bench.' || repeat('x', 180),
           sha256(('BENCH-' || lpad(n::text, 26, '0'))::bytea), right(lpad(n::text, 26, '0'), 6), now(), now()
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
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fill));
  await pool.query('ANALYZE license');
  await pool.query('ANALYZE machine');
  const took = Math.round((performance.now() - began) / 1_000);
  console.log(`filled ${licenses.toLocaleString('en')} licences of ${machinesEach} machines in ${took} s`);
  return {
    keyOf: (/** @type {number} */ n) => `BENCH-${padded(n)}`,
    licenseOf: (/** @type {number} */ n) => `lic_${padded(n)}`,
    machineOf: (/** @type {number} */ n, /** @type {number} */ k) => `mch_${padded(n * machinesEach + k)}`,
  };
}
