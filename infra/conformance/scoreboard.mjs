// @ts-check
import { writeFileSync } from 'node:fs';

/** @typedef {import('./trial.mjs').Statement} Statement */
/** @typedef {import('./trial.mjs').Verdict} Verdict */

/** @typedef {{ statement: Statement, ours: Verdict, theirs: Verdict }} Row */
/** @typedef {{ name: string, title: string, rows: Row[] }} Table */

const DEMAND_WIDTH = 72;
const CELL_WIDTH = 32;

/** @param {Table} table */
export function printTable({ title, rows }) {
  const lines = [['#', 'clause', 'demanded', 'ours', 'theirs']];
  for (const { statement, ours, theirs } of rows) {
    const { id, clause, demand } = statement;
    const [first, ...rest] = wrapped(demand);
    lines.push([String(id), clause, first, cut(ours.cell), cut(theirs.cell)]);
    for (const more of rest) lines.push(['', '', more, '', '']);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  console.log(`${title}\n`);
  for (const line of lines) {
    const cells = line.map((cell, column) => (column ? cell.padEnd(widths[column]) : cell.padStart(widths[0])));
    console.log(cells.join('  ').trimEnd());
  }
  console.log(`\nours    ${count(rows.map(({ ours }) => ours))}`);
  console.log(`theirs  ${count(rows.map(({ theirs }) => theirs))}\n`);
  for (const { statement, ours, theirs } of rows) {
    const seen = { ours: ours.observed, theirs: theirs.observed };
    if (ours.verdict === 'n.a.' && theirs.verdict === 'n.a.' && statement.notApplicable) {
      console.log(`${String(statement.id).padStart(3)}  not applicable: ${statement.notApplicable}`);
      continue;
    }
    for (const [whose, observed] of Object.entries(seen)) {
      for (const line of observed) console.log(`${String(statement.id).padStart(3)}  ${whose.padEnd(6)}  ${line}`);
    }
  }
  console.log();
}

/** @param {Verdict[]} verdicts */
function count(verdicts) {
  const amount = (/** @type {Verdict['verdict']} */ wanted) =>
    verdicts.filter(({ verdict }) => verdict === wanted).length;
  return `${amount('holds')} hold, ${amount('fails')} fail, ${amount('n.a.')} not applicable`;
}

/** Lines of whole words. @param {string} text */
const wrapped = (text) => text.match(new RegExp(`\\S.{0,${DEMAND_WIDTH - 1}}(?=\\s|$)`, 'g')) ?? [''];

/** @param {string} text */
const cut = (text) => (text.length > CELL_WIDTH ? `${text.slice(0, CELL_WIDTH - 1)}…` : text);

/** @param {string} file @param {Table[]} tables */
export function writeTables(file, tables) {
  const plain = tables.map(({ name, rows }) => ({
    name,
    statements: rows.map(({ statement: { id, clause, demand }, ours, theirs }) => ({
      id,
      clause,
      demand,
      ours,
      theirs,
    })),
  }));
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), tables: plain }, null, 2)}\n`);
}
