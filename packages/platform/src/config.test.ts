import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, parseConfig, SETTINGS } from './config.js';

const DATABASE_URL = 'postgresql://u:p@127.0.0.1:5432/bastionary';
const parse = (env: Record<string, string | undefined>) => parseConfig({ DATABASE_URL, ...env });

const faultsOf = (env: Record<string, string | undefined>): string => {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bastionary-config-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('defaults', () => {
  test('only the database must be named', () => {
    expect(parse({})).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      ISSUER_URL: 'http://127.0.0.1:3000',
      DATABASE_URL,
      BASTIONARY_DATA_DIR: '.data',
      LOG_LEVEL: 'info',
    });
    for (const name of ['REDIS_URL', 'ENCRYPTION_KEYS', 'TRUSTED_PROXIES']) expect(parse({})).not.toHaveProperty(name);
    expect(faultsOf({})).toContain('DATABASE_URL');
  });

  test('the issuer follows host and port unless it is set', () => {
    expect(parse({ HOST: 'localhost', PORT: '8080' }).ISSUER_URL).toBe('http://localhost:8080');
    expect(parse({ ISSUER_URL: 'https://auth.example/tenant' }).ISSUER_URL).toBe('https://auth.example/tenant');
  });

  test('every setting says what it does', () => {
    for (const [name, setting] of Object.entries(SETTINGS))
      expect([name, setting.description]).toEqual([name, expect.any(String)]);
  });
});

describe('faults', () => {
  test('all of them are told at once, each with its name', () => {
    const message = faultsOf({ PORT: '99999', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud', DRAIN_SECONDS: '0' });
    expect(message.split('\n').map((line) => line.trim().split(':')[0])).toEqual([
      'These settings are not usable',
      'PORT',
      'DATABASE_URL',
      'LOG_LEVEL',
      'DRAIN_SECONDS',
    ]);
  });

  test('a message never repeats the value, which may be a secret', () => {
    const message = faultsOf({ DATABASE_URL: 'mysql://root:hunter2@db/x', REDIS_URL: 'http://:hunter2@r' });
    expect(message).not.toContain('hunter2');
  });

  test.each([
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
    ['ISSUER_URL', 'auth.example'],
    ['ISSUER_URL', 'ftp://auth.example'],
    ['ISSUER_URL', 'https://auth.example/'],
    ['ISSUER_URL', 'https://auth.example?x=1'],
    ['ISSUER_URL', 'https://auth.example#x'],
    ['DATABASE_POOL_SIZE', '1'],
    ['REDIS_URL', 'http://127.0.0.1'],
    ['TRUSTED_PROXIES', '1'],
    ['TRUSTED_PROXIES', '10.0.0.0/8, 2'],
    ['REQUEST_TIMEOUT_MS', '0'],
    ['SIGN_IN_ATTEMPTS', '2'],
    ['ACCESS_TOKEN_TTL_SECONDS', 'Infinity'],
  ])('%s=%s stops the start', (name, value) => {
    expect(faultsOf({ DATABASE_URL, [name]: value })).toContain(`${name}:`);
  });

  test('proxies are named or given as networks', () => {
    expect(parse({ TRUSTED_PROXIES: 'loopback, 10.0.0.0/8' }).TRUSTED_PROXIES).toEqual(['loopback', '10.0.0.0/8']);
  });
});

describe('NAME_FILE', () => {
  test('holds the value of NAME, without the newline editors add', () => {
    const config = parse({ ENCRYPTION_KEYS_FILE: file('keys', 'k1:abc\n'), PORT_FILE: file('port', ' 8080\n') });
    expect([config.ENCRYPTION_KEYS, config.PORT]).toEqual(['k1:abc', 8080]);
  });

  test('DATABASE_URL may come from a file alone', () => {
    expect(parseConfig({ DATABASE_URL_FILE: file('url', DATABASE_URL) }).DATABASE_URL).toBe(DATABASE_URL);
  });

  test('a file that cannot be read stops the start and is named', () => {
    expect(faultsOf({ DATABASE_URL_FILE: join(folder, 'missing') })).toContain(join(folder, 'missing'));
  });
});

describe('an empty variable is one that was not set', () => {
  test.each(['PORT', 'ISSUER_URL', 'REDIS_URL', 'ENCRYPTION_KEYS', 'TRUSTED_PROXIES', 'LOG_LEVEL'])('%s', (name) => {
    expect(parse({ [name]: '' })).toEqual(parse({}));
  });

  test('also beside its file, as compose writes it', () => {
    expect(parse({ PORT: '', PORT_FILE: file('other-port', '8081') }).PORT).toBe(8081);
  });

  test('an empty file is a setting that was not set', () => {
    expect(parse({ PORT_FILE: file('empty', '\n') }).PORT).toBe(3000);
  });
});

describe('the run book', () => {
  const runBook = readFileSync(fileURLToPath(new URL('../../../infra/README.md', import.meta.url)), 'utf8');

  test.each(Object.keys(SETTINGS))('names %s', (name) => {
    expect(runBook).toMatch(new RegExp(`^\\|[^|]*\`${name}\``, 'm'));
  });
});
