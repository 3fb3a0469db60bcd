import { noteAttempt, takeLetter } from '@bastionary/platform/mail';
import type { Transaction } from '@bastionary/prisma/client';
import { createTransport } from 'nodemailer';
import type { Job } from './job.js';

const AT_ONCE = 50;
const PATIENCE_MS = 5_000;

/**
 * Sends letters, each in a transaction of its own that holds its row. If the answer of the mail server is lost the letter may
 * go out twice, under the same Message-ID.
 */
export const sendMailJob: Job = {
  name: 'send-mail',
  async run(_tx, now, { config, separately }) {
    if (config.SMTP_URL === undefined) return undefined;
    const transport = createTransport(
      {
        url: config.SMTP_URL,
        connectionTimeout: PATIENCE_MS,
        greetingTimeout: PATIENCE_MS,
        socketTimeout: PATIENCE_MS,
      },
      { from: config.MAIL_FROM },
    );
    const domain = config.MAIL_FROM.replace(/^.*@|>$/g, '');
    const sendOne = async (tx: Transaction): Promise<boolean | null> => {
      const letter = await takeLetter(tx, now);
      if (letter === null) return null;
      const { id, to, subject, text } = letter;
      const error = await transport
        .sendMail({
          messageId: `<${id}@${domain}>`,
          to,
          subject,
          text,
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        .then(() => null)
        .catch((fault: Error) => fault.message);
      await noteAttempt(tx, letter, error, now);
      return error === null;
    };
    const done = { sent: 0, failed: 0 };
    for (let tries = 0; tries < AT_ONCE; tries++) {
      const isSent = await separately(sendOne);
      if (isSent === null) break;
      if (isSent) done.sent++;
      else done.failed++;
    }
    return done.sent + done.failed > 0 ? done : undefined;
  },
};
