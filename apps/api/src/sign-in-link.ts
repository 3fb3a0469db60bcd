import { appendAudit, systemOrigin } from '@bastionary/platform/audit';
import { parseConfig } from '@bastionary/platform/config';
import { connect } from '@bastionary/prisma/client';
import { removeSecondFactors } from './modules/operators/change-operators.js';
import { createSignInLink, ensureOwner } from './modules/operators/sign-in-links.js';

// Prints a new one-time link for the owner: the way back in when the password is lost. With --without-second-factor it removes
// the owner's authenticator app, passkeys and recovery codes too: whoever may run this has the database anyway.
// biome-ignore lint/style/noProcessEnv: the one place of this process that reads the environment
const config = parseConfig(process.env);
const origin = systemOrigin('sign-in-link');
const connection = connect(config.DATABASE_URL, { applicationName: 'bastionary-sign-in-link', poolSize: 2 });
try {
  const now = new Date();
  const token = await connection.db.$transaction(async (tx) => {
    const owner = await ensureOwner(tx, now);
    if (process.argv.includes('--without-second-factor')) {
      await removeSecondFactors(tx, owner.id);
      const target = `operator:${owner.id}`;
      await appendAudit(tx, origin, { action: 'operator.second_factors_removed', target });
    }
    return createSignInLink(tx, origin, owner.id, config.SIGN_IN_LINK_SECONDS, now);
  });
  process.stdout.write(`${config.ISSUER_URL}/start#${token}\n`);
} finally {
  await connection.close();
}
