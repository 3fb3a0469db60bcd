import { expect, test } from '@jest/globals';
import { browserWords } from './browser-words';

const KHTML = 'AppleWebKit/537.36 (KHTML, like Gecko)';

test.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${KHTML} HeadlessChrome/156.0.0.0 Safari/537.36`, 'Chrome 156 on Linux'],
  [`Mozilla/5.0 (Linux; Android 10; K) ${KHTML} Chrome/151.0.0.0 Mobile Safari/537.36`, 'Chrome 151 on Android'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KHTML} Chrome/151.0.0.0 Safari/537.36 Edg/151.0.0.0`,
    'Edge 151 on Windows',
  ],
  [`Mozilla/5.0 (Windows NT 10.0) ${KHTML} Chrome/140.0.0.0 Safari/537.36 OPR/124.0`, 'Opera 124 on Windows'],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0', 'Firefox 152 on Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    'Safari 26 on macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
    'Safari 26 on iOS',
  ],
  ['curl/8.14.1', 'curl/8.14.1'],
])('%s', (userAgent, words) => {
  expect(browserWords(userAgent)).toBe(words);
});
