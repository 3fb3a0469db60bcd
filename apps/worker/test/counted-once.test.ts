import { foldCredentialUses, recordCredentialUses, usesOf } from '@bastionary/oauth/actions/credential-uses';
import { foldIssuance, issuanceOf, recordIssuance } from '@bastionary/oauth/actions/issuance';
import { type Connection, connect } from '@bastionary/prisma/client';
import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

// A flush commits, its answer is lost, the worker folds, the api tries the same batch again.
const NOW = new Date('2027-03-01T10:20:00Z');
let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createDatabase();
  connection = connect(database.url, { applicationName: 'counted-once', poolSize: 2 });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

test('tokens of a batch count once, also when it is tried again after it was folded', async () => {
  const { db } = connection;
  const counts = [
    {
      clientId: 'a',
      credentialId: 'crd_a',
      kid: 'k',
      audience: ['urn:api:a'],
      scope: 'read',
      requested: true,
      minute: NOW,
      endsIn: new Date(NOW.getTime() + 900_000),
      issued: 7,
      lastAt: NOW,
    },
  ];
  for (let attempt = 0; attempt < 3; attempt++) {
    await recordIssuance(db, 'ibt_1', counts);
    await db.$transaction((tx) => foldIssuance(tx));
  }
  await recordIssuance(db, 'ibt_2', counts);
  expect((await issuanceOf(db, ['a'])).get('a')).toEqual({ issued: 14n, lastAt: NOW });
});

test('uses of a credential likewise', async () => {
  const { db } = connection;
  const uses = [{ credentialId: 'crd_a', hour: NOW, uses: 3, lastAt: NOW, address: '192.0.2.1' }];
  for (let attempt = 0; attempt < 3; attempt++) {
    await recordCredentialUses(db, 'cub_1', uses);
    await db.$transaction((tx) => foldCredentialUses(tx));
  }
  expect((await usesOf(db, ['crd_a'], NOW)).get('crd_a')).toMatchObject({ uses: 3n, lastAddress: '192.0.2.1' });
});
