import { cloudEvent, plainEvent } from '@bastionary/contracts/usage';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventDigest } from './event-digest.js';
import { readEvent } from './read-event.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const LIMITS = { now: NOW, futureMs: 300_000, dataBytesMax: 200, depthMax: 3, isCloudEvent: false };
const PLAIN = {
  id: '1',
  source: 'api',
  type: 'api.call',
  subject: 'acme',
  time: '2026-03-01T00:00:00Z',
  data: { a: 1 },
};
const CLOUD = { ...PLAIN, specversion: '1.0' };
const reasonOf = (value: unknown, limits = LIMITS) => {
  const reading = readEvent(value, limits);
  return reading.ok ? null : reading.reason;
};

describe('readEvent', () => {
  test('what it takes, as it is kept', () => {
    expect(readEvent(PLAIN, LIMITS)).toEqual({
      ok: true,
      event: {
        id: '1',
        source: 'api',
        type: 'api.call',
        subject: 'acme',
        time: Date.parse(PLAIN.time),
        data: '{"a":1}',
      },
    });
    expect(readEvent({ id: '1', source: 's', type: 't' }, LIMITS)).toEqual({
      ok: true,
      event: { id: '1', source: 's', type: 't', subject: null, time: null, data: null },
    });
  });

  test.each<[string, object]>([
    [
      'plain with null for what it leaves out',
      { id: '1', source: 's', type: 't', subject: null, time: null, data: null },
    ],
    ['with an offset', { ...PLAIN, time: '2026-03-01T13:00:00.123456+01:00' }],
    ['as far ahead as may be', { ...PLAIN, time: '2026-03-01T12:05:00Z' }],
    ['a CloudEvent', CLOUD],
    ['a CloudEvent with extensions', { ...CLOUD, traceparent: '00-1', sequence: 3, sampled: true, partitionkey: null }],
    [
      'a CloudEvent that says what its data is',
      { ...CLOUD, datacontenttype: 'application/json; charset=utf-8', dataschema: 'urn:x' },
    ],
    ['a CloudEvent with +json', { ...CLOUD, datacontenttype: 'application/vnd.acme.v1+json' }],
    ['data as large as may be', { ...PLAIN, data: { a: 'x'.repeat(192) } }],
    ['data as deep as may be', { ...PLAIN, data: { a: { b: [1] } } }],
    ['the largest numbers', { ...PLAIN, data: { a: 2 ** 53 - 1, b: -(2 ** 53 - 1), c: 0.1, d: 1e-9 } }],
    ['data with line breaks', { ...PLAIN, data: { a: 'one\ntwo' } }],
  ])('takes %s', (_name, value) => {
    expect(reasonOf(value)).toBeNull();
  });

  test.each<[unknown, string]>([
    [null, 'an event must be an object'],
    [[], 'an event must be an object'],
    ['x', 'an event must be an object'],
    [{}, 'id: is missing'],
    [{ ...PLAIN, id: 1 }, 'id: must be a text'],
    [{ ...PLAIN, id: '' }, 'id: must not be empty'],
    [{ ...PLAIN, id: 'x'.repeat(257) }, 'id: must be at most 256 characters'],
    [{ ...PLAIN, id: 'a\0' }, 'id: must be well-formed Unicode without control characters'],
    [{ ...PLAIN, source: 'a\n' }, 'source: must be well-formed Unicode without control characters'],
    [{ ...PLAIN, type: 'a\ud800' }, 'type: must be well-formed Unicode without control characters'],
    [{ ...PLAIN, subject: '' }, 'subject: must not be empty'],
    [{ ...PLAIN, type: 'bastionary.token.issued' }, 'type: bastionary.… is for what the platform measures itself'],
    [{ ...PLAIN, source: 'bastionary' }, 'source: bastionary is the platform itself'],
    [
      { ...PLAIN, time: 'yesterday' },
      'time: must be an RFC 3339 time with an offset, for example 2027-12-31T23:59:59Z',
    ],
    [{ ...PLAIN, time: 1 }, 'time: must be an RFC 3339 time with an offset, for example 2027-12-31T23:59:59Z'],
    [
      { ...PLAIN, time: '2026-02-29T00:00:00Z' },
      'time: must be an RFC 3339 time with an offset, for example 2027-12-31T23:59:59Z',
    ],
    [{ ...PLAIN, time: '1969-12-31T23:59:59Z' }, 'time: lies before 1970'],
    [{ ...PLAIN, time: '2026-03-01T12:05:00.001Z' }, 'time: lies more than 300 s ahead of our clock'],
    [{ ...PLAIN, extra: 1 }, 'extra: is not known here; a CloudEvent says "specversion": "1.0"'],
    [{ ...PLAIN, data: [] }, 'data: must be an object'],
    [{ ...PLAIN, data: { a: 'x'.repeat(193) } }, 'data: is larger than 200 bytes'],
    [{ ...PLAIN, data: { a: '€'.repeat(65) } }, 'data: is larger than 200 bytes'],
    [{ ...PLAIN, data: { a: { b: { c: {} } } } }, 'data: is nested deeper than 3'],
    [
      { ...PLAIN, data: { a: 2 ** 53 } },
      'data: has a number that cannot be kept exactly (beyond 2^53, or with too many digits); send it as a text',
    ],
    [
      { ...PLAIN, data: { a: Number.NaN } },
      'data: has a number that cannot be kept exactly (beyond 2^53, or with too many digits); send it as a text',
    ],
    [{ ...PLAIN, data: { a: ['\0'] } }, 'data: has a NUL or a lone surrogate in a text'],
    [{ ...PLAIN, data: { '\udc00': 1 } }, 'data: has a NUL or a lone surrogate in a text'],
    [{ ...CLOUD, specversion: '0.3' }, 'specversion: must be "1.0"'],
    [{ ...CLOUD, data_base64: 'AA==' }, 'data_base64: binary data cannot be measured; send JSON as data'],
    [{ ...CLOUD, datacontenttype: 'text/plain' }, 'datacontenttype: must be application/json'],
    [{ ...CLOUD, dataschema: '' }, 'dataschema: must be a URI'],
    [{ ...CLOUD, trace_parent: 'x' }, 'trace_parent: an extension attribute has a name of a-z and 0-9 only'],
    [{ ...CLOUD, trace: {} }, 'trace: an extension attribute is a text, a number or a boolean'],
  ])('refuses %j', (value, reason) => {
    expect(reasonOf(value)).toBe(reason);
  });

  test('what is sent as a CloudEvent must be one', () => {
    expect(reasonOf(PLAIN, { ...LIMITS, isCloudEvent: true })).toBe('specversion: must be "1.0"');
    expect(reasonOf(CLOUD, { ...LIMITS, isCloudEvent: true })).toBeNull();
  });

  test('it takes what the schema takes, whatever stands in a field', () => {
    const odd = fc.oneof(
      fc.constantFrom(
        '',
        'a',
        'a\0b',
        '\ud800',
        'x'.repeat(129),
        'x'.repeat(300),
        '2026-01-01',
        '2026-13-01T00:00:00Z',
      ),
      fc.constantFrom(
        '2026-02-30T00:00:00Z',
        '2026-01-01T24:00:00Z',
        '2026-01-01T00:00:60Z',
        '2026-01-01T00:00:00',
        'é',
      ),
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.constant(null),
      fc.constant(undefined),
      fc.boolean(),
      fc.constant({}),
      fc.constant([]),
    );
    const instant = fc
      .date({ min: new Date(0), max: new Date(NOW), noInvalidDate: true })
      .map((at) => at.toISOString());
    const good = {
      id: fc.uuid(),
      source: fc.webUrl(),
      type: fc.constant('a.b'),
      time: instant,
      subject: fc.uuid(),
      data: fc.constant({ a: 1 }),
    };
    const fields = Object.fromEntries(
      Object.entries(good).map(([name, usual]) => [
        name,
        fc.oneof({ weight: 5, arbitrary: usual as fc.Arbitrary<unknown> }, odd),
      ]),
    );
    fc.assert(
      fc.property(
        fc.record(fields, { requiredKeys: [] }),
        fc.constantFrom(undefined, '1.0', '0.3', 1),
        (some, version) => {
          const value = { ...some, ...(version !== undefined && { specversion: version }) };
          const schema = version === undefined ? plainEvent : cloudEvent;
          const isBeyondSchema = /^(data: |time: lies)/.test(reasonOf(value) ?? '');
          if (!isBeyondSchema)
            expect([value, reasonOf(value) === null]).toEqual([value, schema.safeParse(value).success]);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('no reason and no id that is told breaks a line or a database', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
        fc.string({ unit: 'binary' }),
        (rest, id) => {
          const reading = readEvent({ ...rest, id, source: 's', type: 't' }, LIMITS);
          if (reading.ok) return;
          for (const text of [reading.reason, reading.id ?? '']) {
            expect(text.isWellFormed()).toBe(true);
            expect(text).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
    );
  });
});

describe('eventDigest', () => {
  const digest = (value: object) => {
    const reading = readEvent({ ...PLAIN, ...value }, { ...LIMITS, depthMax: 9 });
    if (!reading.ok) throw new Error(reading.reason);
    return eventDigest(reading.event);
  };

  test('is the same for the same content, however it is written', () => {
    expect(digest({})).toMatch(/^[0-9a-f]{32}$/);
    expect(digest({ time: '2026-03-01T01:00:00.000+01:00' })).toBe(digest({}));
    expect(digest({ data: { b: 1, a: { d: 1, c: [{ f: 1, e: 2 }] } } })).toBe(
      digest({ data: { a: { c: [{ e: 2, f: 1 }], d: 1 }, b: 1 } }),
    );
    expect(digest({ specversion: '1.0', traceparent: 'x' })).toBe(digest({}));
  });

  test('is another for each thing that differs', () => {
    const others = [
      {},
      { type: 'x' },
      { subject: 'x' },
      { time: '2026-03-01T00:00:00.001Z' },
      { time: null },
      { data: { a: 2 } },
      { data: { a: '1' } },
      { data: null },
      { data: {} },
    ];
    expect(new Set(others.map(digest)).size).toBe(others.length);
  });
});
