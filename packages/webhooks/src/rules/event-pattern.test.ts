import { expect, test } from '@jest/globals';
import { matchesType } from './event-pattern.js';

test.each([
  [['client.created'], 'client.created', true],
  [['client.created'], 'client.updated', false],
  [['client.*'], 'client.created', true],
  [['client.*'], 'clients.created', false],
  [['client.*'], 'client', false],
  [['credential.*', 'client.deleted'], 'client.deleted', true],
  [['*'], 'anything.at_all', true],
  [[], 'client.created', false],
])('%j takes %s: %s', (patterns, type, takes) => {
  expect(matchesType(patterns, type)).toBe(takes);
});
