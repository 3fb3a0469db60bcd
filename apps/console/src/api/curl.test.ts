import { expect, test } from '@jest/globals';
import { tokenCommand } from './curl';

test('a token command carries the real credentials and scopes, in one shell word each', () => {
  const command = tokenCommand('https://auth.example', { clientId: 'a~b', secret: "it's $HOME" }, ['read', 'write']);
  expect(command.split(' \\\n  ')).toEqual([
    'curl',
    `-u 'a~b:it'\\''s $HOME'`,
    '-d grant_type=client_credentials',
    "-d 'scope=read write'",
    'https://auth.example/oauth2/token',
  ]);
});

test('without credentials it leaves them to the shell', () => {
  expect(tokenCommand('https://auth.example', null)).toContain('-u "$CLIENT_ID:$CLIENT_SECRET"');
});
