import { type Api, type ApiOptions, startApi } from '@bastionary/testing/api-process';
import { type Answer, basic, json, managementToken, type RequestOptions } from '@bastionary/testing/http';
import type { Program } from '@bastionary/testing/program';
import { startWorker } from '@bastionary/testing/worker-process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Console, openConsole } from './browser.js';
import { lookAt } from './look-at.js';

export const ADA = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery staple' };

export interface VisitOptions extends ApiOptions {
  /** Whether the clock of the house runs too. Default false. */
  worker?: boolean;
  /** Whether Ada has set her password and sees the overview already. Default true. */
  signedIn?: boolean;
}

/** An api with a browser before it, open for the tests of one `describe`, and what a person does in every one. */
export class Visit {
  api!: Api;
  browser!: Console;
  private managing: Promise<string> | undefined;
  private worker: Program | undefined;

  constructor({ worker = false, signedIn = true, ...options }: VisitOptions = {}) {
    beforeAll(async () => {
      this.api = await startApi(options);
      const { databaseUrl, dataDir } = this.api;
      if (worker) this.worker = await startWorker({ databaseUrl, dataDir, ...(options.env && { env: options.env }) });
      this.browser = await openConsole(this.api.url);
      if (signedIn) await this.moveIn();
    });
    afterAll(async () => {
      await this.browser?.close();
      await this.worker?.stop();
      await this.api?.stop();
    });
  }

  get page(): Page {
    return this.browser.page;
  }

  get dialog() {
    return this.page.getByRole('dialog');
  }

  button = (name: string | RegExp) => this.page.getByRole('button', { name, exact: true });

  press = (name: string | RegExp): Promise<void> => this.button(name).click();

  heading = (name: string): Promise<void> => this.page.getByRole('heading', { name, level: 1 }).waitFor();

  tab = (name: string): Promise<void> => this.page.getByRole('tab', { name, exact: true }).click();

  /** What tells that something has happened. */
  told = (words: string): Promise<void> => this.page.getByText(words).first().waitFor();

  /** Wants nothing to be wrong with the screen. */
  look = async (screen: string): Promise<void> => {
    expect(await lookAt(this.page, screen)).toEqual([]);
  };

  async moveIn(person = ADA): Promise<void> {
    await this.page.goto(this.api.firstRun?.sign_in_link ?? '');
    await this.page.getByLabel('E-mail').fill(person.email);
    await this.page.getByLabel('Your name').fill(person.name);
    await this.page.getByLabel(/^Password/).fill(person.password);
    await this.press('Set password and go on');
    await this.heading('Overview');
  }

  /** A management request of somebody else: a program with the token for everything. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  async manage<Body = any>(path: string, options: RequestOptions = {}): Promise<Answer<Body>> {
    // Not before it is needed: a newcomer's checklist tells whether anybody has got a token yet.
    this.managing ??= managementToken(this.api);
    return json<Body>(`${this.api.url}${path}`, { token: await this.managing, ...options });
  }

  /** What a program gets from the token endpoint. */
  askForToken(form: Record<string, string>, client?: { id: string; secret: string }): Promise<Answer> {
    return json(`${this.api.url}/oauth2/token`, {
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
      headers: client ? { authorization: basic(client.id, client.secret) } : {},
    });
  }

  /** The last test of a visit. */
  endsWithoutComplaint(): void {
    test('the browser had nothing to complain about: no error, no policy violation', () => {
      expect(this.browser.complaints).toEqual([]);
    });
  }
}
