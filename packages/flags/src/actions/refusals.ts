import type { FieldFault, ProblemCode } from '@bastionary/contracts/problem';
import { AppError } from '@bastionary/platform/app-error';

export const noSuchFlag = (key: string): AppError =>
  new AppError('not_found', `There is no flag ${key}. GET /api/flags lists them.`);

export const noSuchEnvironment = (key: string): AppError =>
  new AppError('not_found', `There is no environment ${key}. GET /api/environments lists them.`);

export const noSuchSegment = (key: string): AppError =>
  new AppError('not_found', `There is no segment ${key}. GET /api/segments lists them.`);

/** @throws AppError invalid_request naming every fault there is */
export function refuseFaults(faults: readonly FieldFault[]): void {
  const [first] = faults;
  if (first !== undefined) throw new AppError('invalid_request', `${first.path}: ${first.message}.`, { faults });
}

/** A field whose value cannot be. @param path JSON Pointer into the body */
export const invalidField = (path: string, message: string): AppError =>
  new AppError('invalid_request', `${path}: ${message}.`, { faults: [{ path, code: 'invalid_value', message }] });

/** @throws AppError version_mismatch unless the caller has seen this version, or does not care */
export function checkVersion(what: string, ifVersion: number | undefined, version: number): void {
  if (ifVersion === undefined || ifVersion === version) return;
  const message = `Somebody changed this ${what} since you read it. Read it again and repeat the change.`;
  throw new AppError('version_mismatch', message);
}

/** What others still ask for stays. @throws AppError with the code, naming them */
export function refuseNeeded(code: ProblemCode, what: string, needers: readonly string[]): void {
  if (needers.length === 0) return;
  const shown = [...new Set(needers)].slice(0, 10);
  throw new AppError(code, `${what} is asked for by ${shown.join(', ')}. Change these first.`);
}
