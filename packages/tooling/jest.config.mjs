import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));

// One run for the whole repository. Run it with `npm test -- [jest arguments]`, which brings what the tests need.
export default {
  rootDir: root,
  roots: ['packages', 'apps', 'prisma', 'infra'].map((folder) => `${root}${folder}`),
  testMatch: [
    '<rootDir>/packages/**/src/**/*.test.ts',
    '<rootDir>/apps/*/src/**/*.test.ts',
    '<rootDir>/apps/*/test/**/*.test.ts',
    '<rootDir>/prisma/src/**/*.test.ts',
    '<rootDir>/infra/**/*.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/generated/'],
  modulePathIgnorePatterns: ['/dist/', '/generated/'],
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': [require.resolve('@swc/jest'), swc()] },
  extensionsToTreatAsEsm: ['.ts'],
  // Sources import each other by the names they have when built.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  maxWorkers: 2,
  testTimeout: 60_000,
};

function swc() {
  const { $schema, sourceMaps, ...options } = require('./swc.json');
  return { ...options, swcrc: false, sourceMaps: 'inline' };
}
