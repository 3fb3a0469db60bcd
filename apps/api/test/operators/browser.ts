import { type Answer, json } from '@bastionary/testing/http';

export const PASSWORD = 'correct horse battery staple';
export const EMAIL = 'owner@example.com';

/** A browser with a cookie jar, as far as the api can tell: same-origin requests say so. */
export class Browser {
  cookie: string | undefined;

  constructor(private readonly url: string) {}

  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  async send<Body = any>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const answer = await json<Body>(`${this.url}${path}`, {
      method,
      body,
      headers: { 'sec-fetch-site': 'same-origin', ...(this.cookie && { cookie: this.cookie }), ...headers },
    });
    const set = answer.headers.get('set-cookie');
    if (set !== null) this.cookie = /Expires=Thu, 01 Jan 1970/.test(set) ? undefined : set.split(';')[0];
    return answer;
  }

  signIn = (email = EMAIL, password = PASSWORD) => this.send('POST', '/api/session', { email, password });
  redeem = (token: string) => this.send('POST', '/api/session/link', { token });
  setPassword = (password = PASSWORD, email = EMAIL) =>
    this.send('POST', '/api/session/password', { email, name: 'Olivia Owner', password });
  whoami = () => this.send('GET', '/api/session');
}

/** The secret part of a sign-in link. */
export const secretOf = (link: string | null | undefined): string => new URL(link ?? 'none:').hash.slice(1);
