/**
 * A variable that `npm test` sets.
 * @throws Error which says how to run tests
 */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. Run the tests with: npm test -- [jest arguments]`);
  return value;
}
