import { expect, test } from '@jest/globals';
import { namedAddresses, reachableAddresses } from './reachable-addresses.js';

test.each([
  ['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.100.100.200', '127.255.255.255', '168.63.129.16', '169.254.169.254'],
  ['172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1'],
  ['198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ['::', '::1', '::ffff:8.8.8.8', '::ffff:10.0.0.1', '::8.8.8.8', '64:ff9b::808:808', '64:ff9b:1::1', '100::1'],
  ['2001::1', '2001:db8::1', '2002:a00:1::', '2002:808:808::', '3fff::1', '5f00::1'],
  ['fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%lo', 'fec0::1', 'ff02::1', '2606:4700::1%eth0'],
  ['', 'localhost', '8.8.8', '8.8.8.8/32'],
])('no public address: %s', (...addresses) => {
  expect(addresses.filter(reachableAddresses([]))).toEqual([]);
});

test('public addresses, and those the settings name', () => {
  const known = ['1.1.1.1', '8.8.8.8', '100.63.255.255', '172.15.0.1', '172.32.0.1', '192.167.1.1', '223.255.255.1'];
  const publics = [...known, '2606:4700::1111', '2a00:1450::1', '2001:4860:4860::8888'];
  expect(publics.filter(reachableAddresses([]))).toEqual(publics);
  const isReachable = reachableAddresses(['10.0.0.0/8', 'fd00::/16', '192.168.1.7']);
  const tried = ['10.9.9.9', 'fd00::7', '192.168.1.7', '192.168.1.8', 'fd01::1', '11.0.0.1', '127.0.0.1'];
  expect(tried.filter(isReachable)).toEqual(['10.9.9.9', 'fd00::7', '192.168.1.7', '11.0.0.1']);
});

test('only those the settings name, for what goes out unencrypted', () => {
  const isNamed = namedAddresses(['127.0.0.1', 'fd00::/16']);
  expect(['127.0.0.1', '127.0.0.2', '8.8.8.8', 'fd00::7', '', 'localhost'].filter(isNamed)).toEqual([
    '127.0.0.1',
    'fd00::7',
  ]);
});
