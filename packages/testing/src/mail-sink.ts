import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { freePort } from './free-port.js';

/** A mail server that keeps what it gets, and can refuse for a while. */
export class MailSink {
  /** Every letter it took: header and body. */
  readonly letters: string[] = [];
  /** How many letters it refuses before it takes one. */
  refuseNext = 0;
  private readonly server: SMTPServer;

  private constructor(readonly port: number) {
    this.server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      onData: async (stream, _session, done) => {
        const letter = await text(stream);
        if (this.refuseNext-- > 0) return done(Object.assign(new Error('Try again later'), { responseCode: 451 }));
        this.letters.push(letter);
        done();
      },
    });
  }

  static async open(): Promise<MailSink> {
    const sink = new MailSink(await freePort());
    sink.server.listen(sink.port, '127.0.0.1');
    await once(sink.server.server, 'listening');
    return sink;
  }

  /** For SMTP_URL. */
  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
