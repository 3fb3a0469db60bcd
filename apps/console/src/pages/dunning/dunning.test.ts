import { describe, expect, test } from '@jest/globals';
import { afterwards, dunningWords } from './dunning-words';
import { readSteps, writeSteps } from './steps-draft';

const DAY = 86_400;
const remind = (days: number) => ({ act: 'remind' as const, after_seconds: days * DAY });
const pastDue = (days: number) => ({ act: 'past_due' as const, after_seconds: days * DAY });
const suspend = (days: number) => ({ act: 'suspend' as const, after_seconds: days * DAY });

describe('what happens to whoever does not pay, in words', () => {
  test('a reminder, a warning, the end', () => {
    expect(dunningWords([remind(0), remind(1), pastDue(7), suspend(21)])).toEqual([
      'As soon as an invoice is overdue, the customer is reminded.',
      '1 day after an invoice was due, the customer is reminded.',
      '7 days after an invoice was due, its subscription is past due. It works on for 14 days, and the customer is told so.',
      '21 days after an invoice was due, its subscription is suspended: nothing it grants works any more.',
    ]);
  });

  test('who is never suspended works on', () => {
    expect(dunningWords([pastDue(7)])).toEqual([
      '7 days after an invoice was due, its subscription is past due. It works on, with no end.',
    ]);
  });

  test.each([
    [[], 'Nothing happens to whoever does not pay: its invoices stay open, and all works on.'],
    [
      [remind(1)],
      'As soon as everything overdue is paid, this ends. After the last step nothing more happens by itself.',
    ],
    [
      [pastDue(1)],
      'As soon as everything overdue is paid, this ends, and the subscription works again at once. After the last step nothing more happens by itself.',
    ],
  ])('%j', (steps, words) => {
    expect(afterwards(steps)).toBe(words);
  });
});

describe('steps, as they are typed', () => {
  test('read and written again they are the same', () => {
    const steps = [remind(1), pastDue(7), { act: 'suspend' as const, after_seconds: 7 * DAY + 3_600 }];
    expect(writeSteps(readSteps(steps))).toEqual({ steps });
  });

  test('they are sent in the order of time', () => {
    expect(writeSteps(readSteps([suspend(21), remind(3), pastDue(7)]))).toEqual({
      steps: [remind(3), pastDue(7), suspend(21)],
    });
  });

  test.each([
    ['no time', [{ id: 'a', act: 'remind', after: { amount: '', unit: 'day' } }], { a: /length of time/ }],
    ['eleven years', [{ id: 'a', act: 'remind', after: { amount: '4000', unit: 'day' } }], { a: /315360000/ }],
    ['no warning', readSteps([suspend(7)]), { steps: /warn before it suspends/ }],
    ['two ends', readSteps([pastDue(1), suspend(2), suspend(3)]), { steps: /once at most/ }],
  ] as const)('%s', (_, drafts, faults) => {
    expect(writeSteps([...drafts])).toEqual({
      faults: Object.fromEntries(
        Object.entries(faults).map(([id, words]) => [id, expect.stringMatching(words as RegExp)]),
      ),
    });
  });
});
