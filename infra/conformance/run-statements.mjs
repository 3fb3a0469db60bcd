// @ts-check
import { judge } from './trial.mjs';

/** @typedef {import('./trial.mjs').Statement} Statement */
/** @typedef {import('./trial.mjs').Verdict} Verdict */
/** @typedef {import('./subjects/subject.mjs').Subject} Subject */
/** @typedef {{ name: string, title: string, statements: Statement[] }} Wanted */

const AT_A_TIME = 6;

/**
 * Asks both servers at once, each several statements at a time: many of them wait for something to expire.
 * @param {Wanted[]} tables
 * @param {Subject} ours
 * @param {Subject} theirs
 * @returns {Promise<import('./scoreboard.mjs').Table[]>}
 */
export async function runStatements(tables, ours, theirs) {
  const all = tables.flatMap(({ statements }) => statements);
  const [oursSaid, theirsSaid] = await Promise.all([judgeAll(all, ours), judgeAll(all, theirs)]);
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

/** @param {Statement[]} all @param {Subject} subject */
async function judgeAll(all, subject) {
  /** @type {Map<Statement, Verdict>} */
  const verdicts = new Map();
  const judgeOneByOne = async (/** @type {Statement[]} */ waiting) => {
    for (let statement = waiting.shift(); statement; statement = waiting.shift()) {
      verdicts.set(statement, await judge(statement, subject));
    }
  };
  const ofTurn = (/** @type {Statement['turn']} */ wanted) => all.filter(({ turn }) => turn === wanted);
  const together = ofTurn(undefined);
  await Promise.all(Array.from({ length: AT_A_TIME }, () => judgeOneByOne(together)));
  await judgeOneByOne(ofTurn('alone'));
  await judgeOneByOne(ofTurn('last'));
  return verdicts;
}
