import { expect, test } from '@jest/globals';
import { faultPlace } from './fault-place';

const text = JSON.stringify({
  features: [{ key: 'sso' }, {}],
  plans: [{ key: 'free' }, { key: 'pro', versions: [{ version: 1 }, { version: 2, features: { none: 1 } }] }],
});

test.each([
  ['', 'the document'],
  ['/features/0/type', 'features › sso › type'],
  ['/features/1/key', 'features › 1 › key'],
  ['/plans/1/versions/1', 'plans › pro › versions › 2'],
  ['/plans/1/versions/1/features/none', 'plans › pro › versions › 2 › features › none'],
  ['/plans/9/name', 'plans › 9 › name'],
])('%j is %s', (path, place) => {
  expect(faultPlace(path, text)).toBe(place);
});
