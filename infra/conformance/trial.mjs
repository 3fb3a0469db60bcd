// @ts-check

/** @typedef {import('./send.mjs').Answer} Answer */
/** @typedef {import('./subjects/subject.mjs').Subject} Subject */

/**
 * What a standard demands, and how to see whether a server does it.
 * @typedef {object} Statement
 * @property {number} id
 * @property {string} clause
 * @property {string} demand
 * @property {string} [notApplicable] why it cannot be seen from outside; `run` is then absent
 * @property {(subject: Subject, trial: Trial) => Promise<unknown>} [run]
 * @property {'alone' | 'last'} [turn] it changes the server for everybody; or ends it
 */

/** @typedef {{ verdict: 'holds' | 'fails' | 'n.a.', cell: string, observed: string[] }} Verdict */
/** @typedef {{ expects: string, holds: (answer: Answer) => boolean }} Expectation */
/** @typedef {[label: string, ask: () => Answer | Promise<Answer>, expectation: Expectation]} Case */

class NotApplicable extends Error {}

/** Collects what one server does under one statement. */
export class Trial {
  checks = 0;
  /** @type {{ short: string, long: string }[]} */
  failures = [];

  /**
   * @param {string} label
   * @param {boolean} holds
   * @param {unknown} [observed]
   */
  check(label, holds, observed) {
    this.checks++;
    if (holds) return;
    const seen = typeof observed === 'string' ? observed : JSON.stringify(observed);
    this.failures.push({ short: label, long: seen === undefined ? label : `${label}: ${seen}` });
  }

  /** @param {string} label @param {Answer} answer @param {Expectation} expectation */
  answer(label, answer, { expects, holds }) {
    this.checks++;
    if (holds(answer)) return;
    const short = shortly(answer);
    this.failures.push({ short, long: `${label}: ${short}, not ${expects}` });
  }

  /** Cases that do not touch each other, all at once. @param {Case[]} cases */
  async each(cases) {
    const answers = await Promise.all(cases.map(([, ask]) => ask()));
    for (const [index, answer] of answers.entries()) this.answer(cases[index][0], answer, cases[index][2]);
  }

  /**
   * @template T
   * @param {T} value null or undefined where the server has no such thing
   * @param {string} reason why it cannot be asked then
   * @returns {NonNullable<T>}
   */
  needed(value, reason) {
    if (value === null || value === undefined) throw new NotApplicable(reason);
    return value;
  }
}

/** @param {Answer} answer */
export function shortly({ status, headers, json }) {
  const error = typeof json.error === 'string' ? ` ${json.error}` : '';
  return status === 405 ? `405 Allow: ${headers.allow}` : `${status}${error}`;
}

/**
 * @param {Statement} statement
 * @param {Subject} subject
 * @returns {Promise<Verdict>}
 */
export async function judge({ run, notApplicable = 'nothing to ask' }, subject) {
  if (!run) return { verdict: 'n.a.', cell: 'n.a.', observed: [notApplicable] };
  const trial = new Trial();
  try {
    await run(subject, trial);
    if (trial.checks === 0) throw new Error('The statement checked nothing.');
  } catch (error) {
    // What was seen before counts: a server is not excused by what it cannot be asked afterwards.
    if (error instanceof NotApplicable && trial.failures.length === 0) {
      return { verdict: 'n.a.', cell: 'n.a.', observed: [error.message] };
    }
    if (!(error instanceof NotApplicable)) {
      const message = error instanceof Error ? error.message : String(error);
      trial.failures.push({ short: message.slice(0, 40), long: message });
    }
  }
  const [first] = trial.failures;
  if (!first) return { verdict: 'holds', cell: 'holds', observed: [] };
  return { verdict: 'fails', cell: `fails: ${first.short}`, observed: trial.failures.map(({ long }) => long) };
}
