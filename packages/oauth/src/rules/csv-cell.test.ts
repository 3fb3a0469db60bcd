import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { harmlessCell, textOfCell } from './csv-cell.js';

describe('cells', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+49 30 1', "'+49 30 1"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['＝1', "'＝1"],
    ["'=1", "''=1"],
    ["'tis", "''tis"],
    ['', ''],
    ['a=1', 'a=1'],
    [' =1', ' =1'],
    ['Zoë', 'Zoë'],
  ])('%p is written as %p', (text, cell) => {
    expect(harmlessCell(text)).toBe(cell);
    expect(textOfCell(cell)).toBe(text);
  });

  test("an apostrophe that a person wrote before a letter is that person's", () => {
    expect(textOfCell("'tis")).toBe("'tis");
  });

  test('every text comes back, and none is left that begins like a formula', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^['=+@\t\r-]{0,4}.{0,3}$/));
    fc.assert(
      fc.property(text, (value) => {
        expect(textOfCell(harmlessCell(value))).toBe(value);
        expect(harmlessCell(value)).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});
