import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatSigner, NoteError, openNote, parseSigner, parseVerifier, signNote } from './signed-note.js';

// The example of golang.org/x/mod/sumdb/note, whose format C2SP signed-note describes.
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NOTE = `${TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

const signer = parseSigner(formatSigner('ours', Buffer.alloc(32, 7)));
const verifier = parseVerifier(signer.publicKey);

describe('a note of somebody else', () => {
  test('opens with the key of its signer', () => {
    expect(openNote(NOTE, [parseVerifier(PETER)])).toBe(TEXT);
  });

  test.each([
    ['a letter changed', NOTE.replace('answer', 'Answer')],
    ['a line feed more', `\n${NOTE}`],
    ['a signature changed', NOTE.replace('x08go/ZJ', 'x08go/ZK')],
    ['no signature', TEXT],
    ['no line feed at the end', NOTE.slice(0, -1)],
    ['another name', NOTE.replace('— PeterNeumann', '— Peter')],
    ['', ''],
  ])('%s: refused', (_what, note) => {
    expect(() => openNote(note, [parseVerifier(PETER)])).toThrow(NoteError);
  });

  test('is refused without its key, and passed over beside ours', () => {
    expect(() => openNote(NOTE, [verifier])).toThrow('no signature of a known key');
    const both = signNote(TEXT, signer) + NOTE.slice(TEXT.length + 1);
    expect(openNote(both, [verifier])).toBe(TEXT);
    expect(openNote(both, [parseVerifier(PETER)])).toBe(TEXT);
  });
});

test('what is signed opens to the same text, and with no byte changed', () => {
  const lines = fc.array(fc.stringMatching(/^[^\n\r]+$/), { minLength: 1 }).map((all) => `${all.join('\n')}\n`);
  fc.assert(
    fc.property(lines, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, at, change) => {
      const note = signNote(text, signer);
      expect(openNote(note, [verifier])).toBe(Buffer.from(text).toString());
      const bytes = Buffer.from(note);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] as number) ^ change;
      expect(() => openNote(bytes.toString(), [verifier])).toThrow(NoteError);
    }),
  );
});

describe('keys', () => {
  test('a known seed has its known public key', () => {
    // RFC 8032 §7.1, test 1.
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const [, encoded = ''] =
      /^rfc8032\+[0-9a-f]{8}\+(.+)$/.exec(parseSigner(formatSigner('rfc8032', seed)).publicKey) ?? [];
    expect(Buffer.from(encoded, 'base64').toString('hex')).toBe(
      '01d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
  });

  test.each(['', 'x', 'a+b+c', 'PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', `${PETER}A`])(
    '%j is no public key',
    (text) => expect(() => parseVerifier(text)).toThrow(NoteError),
  );

  test.each(['', PETER, 'PRIVATE+KEY+x+00000000+AQ==', formatSigner('x', Buffer.alloc(32)).replace('+x+', '+y+')])(
    '%j is no signing key',
    (text) => expect(() => parseSigner(text)).toThrow(NoteError),
  );

  test.each(['with space', 'with+plus', ''])('the name %j is refused', (name) => {
    expect(() => formatSigner(name, Buffer.alloc(32))).toThrow(NoteError);
  });
});
