import { systemOrigin } from '@bastionary/platform/audit';
import { parseConfig } from '@bastionary/platform/config';
import { connect } from '@bastionary/prisma/client';
import { createSignInLink, ensureOwner } from './modules/operators/sign-in-links.js';

// Prints a new one-time link for the owner: the way back in when the password is lost.
// biome-ignore lint/style/noProcessEnv: the one place of this process that reads the environment
const config = parseConfig(process.env);
const connection = connect(config.DATABASE_URL, { applicationName: 'bastionary-sign-in-link', poolSize: 2 });
try {
  const now = new Date();
  const token = await connection.db.$transaction(async (tx) => {
    const owner = await ensureOwner(tx, now);
    return createSignInLink(tx, systemOrigin('sign-in-link'), owner.id, config.SIGN_IN_LINK_SECONDS, now);
  });
  process.stdout.write(`${config.ISSUER_URL}/start#${token}\n`);
} finally {
  await connection.close();
}
