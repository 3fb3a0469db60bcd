// @ts-check
import { existsSync, readFileSync } from 'node:fs';

/**
 * Prints where to go, and a command that works when pasted.
 * @param {string} url where the api listens
 * @param {{ admin_client_file: string, admin_client_created: boolean, audit_public_key: string, sign_in_link: string | null, demo: string }} first
 */
export function welcome(url, first) {
  const lines = ['', `Console    ${first.sign_in_link ?? url}`];
  if (first.sign_in_link) lines.push('           This link signs you in once. A new one: npm run sign-in-link');
  if (existsSync(first.admin_client_file)) {
    const { client_id, client_secret } = JSON.parse(readFileSync(first.admin_client_file, 'utf8'));
    const created = first.admin_client_created ? ' (new)' : '';
    lines.push(
      `Admin      ${first.admin_client_file}${created}`,
      `API        ${url}/docs`,
      '',
      'Get an access token:',
      '',
      `  curl -s ${url}/oauth2/token -u '${client_id}:${client_secret}' -d grant_type=client_credentials`,
    );
  }
  if (first.admin_client_created)
    lines.push(
      '',
      `Audit key  ${first.audit_public_key}`,
      '           Keep a copy elsewhere: npm run audit:verify proves the audit log with it',
    );
  if (first.demo === 'ignored')
    lines.push(
      '',
      'Demo       BASTIONARY_DEMO=1 is ignored: this installation has customers, plans or clients of its own.',
      '           A demo world needs an empty one: another BASTIONARY_DATA_DIR and DATABASE_URL.',
    );
  process.stdout.write(`${lines.join('\n')}\n\n`);
}
