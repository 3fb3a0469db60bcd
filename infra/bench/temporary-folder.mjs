// @ts-check
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder that system users may pass through, since PostgreSQL does not run as root. */
export function temporaryFolder() {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'bastionary-bench-'));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
