import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { CHAIN_START, extendChain, hashLeaf, hashLink, leafBytes, type SealedFields } from './audit-chain.js';

const text = fc.string({ unit: 'grapheme' });
const record: fc.Arbitrary<SealedFields> = fc.record({
  seq: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String),
  txid: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String),
  at: fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }).map((at) => at.toISOString()),
  actor: text,
  action: text,
  target: text,
  request_id: fc.option(text),
  address: fc.option(text),
  detail: text,
});

const EXAMPLE: SealedFields = {
  seq: '7',
  txid: '812',
  at: '2026-11-23T09:00:00.120Z',
  actor: 'operator:opr_1',
  action: 'client.created',
  target: 'client:ci',
  request_id: null,
  address: '192.0.2.1',
  detail: '{"scopes":["read"]}',
};

describe('a record', () => {
  test('is hashed as canonical JSON, whatever the order of its fields', () => {
    fc.assert(
      fc.property(record, (one) => {
        expect(leafBytes(one).toString()).toBe(canonicalize(one));
        expect(leafBytes(Object.fromEntries(Object.entries(one).reverse()) as unknown as SealedFields)).toEqual(
          leafBytes(one),
        );
      }),
    );
  });

  test('has these bytes and this hash, for whoever checks it with other tools', () => {
    const bytes =
      '{"action":"client.created","actor":"operator:opr_1","address":"192.0.2.1","at":"2026-11-23T09:00:00.120Z",' +
      '"detail":"{\\"scopes\\":[\\"read\\"]}","request_id":null,"seq":"7","target":"client:ci","txid":"812"}';
    expect(leafBytes(EXAMPLE).toString()).toBe(bytes);
    expect(hashLeaf(EXAMPLE)).toEqual(createHash('sha256').update(`\0${bytes}`).digest());
  });

  test('changed in any field has another hash', () => {
    fc.assert(
      fc.property(
        record,
        fc.constantFrom(...(Object.keys(EXAMPLE) as (keyof SealedFields)[])),
        text,
        (one, name, value) => {
          fc.pre(one[name] !== value);
          expect(hashLeaf({ ...one, [name]: value })).not.toEqual(hashLeaf(one));
        },
      ),
    );
  });

  test('nothing and an empty text differ', () => {
    expect(hashLeaf({ ...EXAMPLE, request_id: '' })).not.toEqual(hashLeaf(EXAMPLE));
  });
});

describe('the chain', () => {
  test('is the same in one go and in pieces, dense from 1', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), fc.nat(), (records, cut) => {
        const whole = extendChain(CHAIN_START, records);
        expect(whole.map(({ index }) => Number(index))).toEqual(records.map((_one, place) => place + 1));
        const first = extendChain(CHAIN_START, records.slice(0, cut % records.length));
        const rest = extendChain(first.at(-1) ?? CHAIN_START, records.slice(cut % records.length));
        expect([...first, ...rest]).toEqual(whole);
      }),
    );
  });

  test('a link is SHA-256(0x01 ‖ before ‖ leaf)', () => {
    const leaf = hashLeaf(EXAMPLE);
    expect(hashLink(CHAIN_START.chain, leaf)).toEqual(
      createHash('sha256')
        .update(Buffer.concat([Buffer.of(1), Buffer.alloc(32), leaf]))
        .digest(),
    );
  });
});
