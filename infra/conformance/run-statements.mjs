// @ts-check
import { judge } from './trial.mjs';

/** @typedef {import('./trial.mjs').Statement} Statement */
/** @typedef {import('./trial.mjs').Verdict} Verdict */
/** @typedef {import('./subjects/subject.mjs').Subject} Subject */
/** @typedef {{ name: string, title: string, statements: Statement[] }} Wanted */

/**
 * Asks both servers at once, each in its own time; what ends a server is asked last.
 * @param {Wanted[]} tables
 * @param {Subject} ours
 * @param {Subject} theirs
 * @returns {Promise<import('./scoreboard.mjs').Table[]>}
 */
export async function runStatements(tables, ours, theirs) {
  const all = tables.flatMap(({ statements }) => statements);
  const order = [...all.filter(({ last }) => !last), ...all.filter(({ last }) => last)];
  const [oursSaid, theirsSaid] = await Promise.all([judgeAll(order, ours), judgeAll(order, theirs)]);
  return tables.map(({ name, title, statements }) => ({
    name,
    title,
    rows: statements.map((statement) => ({
      statement,
      ours: /** @type {Verdict} */ (oursSaid.get(statement)),
      theirs: /** @type {Verdict} */ (theirsSaid.get(statement)),
    })),
  }));
}

/** @param {Statement[]} order @param {Subject} subject */
async function judgeAll(order, subject) {
  /** @type {Map<Statement, Verdict>} */
  const verdicts = new Map();
  for (const statement of order) verdicts.set(statement, await judge(statement, subject));
  return verdicts;
}
