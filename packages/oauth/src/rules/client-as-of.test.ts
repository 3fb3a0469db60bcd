import { expect, test } from '@jest/globals';
import { clientAsOf } from './client-as-of.js';
import type { ClientFacts } from './explain-client.js';

const END = new Date('2030-01-01T00:00:00Z');
const present: ClientFacts = {
  clientId: 'ci',
  name: 'Now',
  status: 'deleted',
  expiry: null,
  customerId: null,
  createdAt: new Date(0),
  scopes: ['read', 'write'],
  resources: ['urn:a'],
  authMethod: 'private_key_jwt',
  dpopBound: true,
  allowedAddresses: [],
  credentials: [
    { id: 'crd_1', kind: 'secret', label: null, hint: '…', notBefore: null, expiresAt: null, createdAt: new Date(0) },
  ],
  goneCredentials: 0,
};

test('without records it is what it is, but for its status, which the records before tell', () => {
  expect(clientAsOf(present, [], 'client.created')).toEqual({ ...present, status: 'active' });
  expect(clientAsOf(present, [], 'client.resumed').status).toBe('active');
  expect(clientAsOf(present, [], 'client.suspended').status).toBe('suspended');
});

test('each record is taken back, the newest first; what is no change is left alone', () => {
  const later = [
    { action: 'client.deleted', detail: { name: 'Now', scopes: ['read', 'write'] } },
    {
      action: 'credential.changed',
      detail: {
        credential: 'crd_1',
        label: { from: 'x', to: null },
        expires_at: { from: '2030-01-01T00:00:00Z', to: null },
      },
    },
    { action: 'credential.changed', detail: { credential: 'crd_gone', expires_at: { from: null, to: null } } },
    {
      action: 'client.updated',
      detail: { scopes: { from: ['read'], to: ['read', 'write'] }, expiry: { from: '2030-01-01T00:00:00Z', to: null } },
    },
    {
      action: 'client.updated',
      detail: {
        scopes: { from: ['pay'], to: ['read'] },
        resources: { from: null, to: ['urn:a'] },
        unknown: { from: 1, to: 2 },
      },
    },
    { action: 'client.updated', detail: { token_endpoint_auth_method: { from: null, to: 'private_key_jwt' } } },
  ];
  const [credential] = present.credentials;
  expect(clientAsOf(present, later, 'client.created')).toEqual({
    ...present,
    status: 'active',
    expiry: END,
    scopes: ['pay'],
    resources: null,
    authMethod: null,
    credentials: [{ ...credential, expiresAt: END }],
  });
});
