import type { FieldFault, ProblemCode } from '@bastionary/contracts/problem';
import { AppError } from '@bastionary/platform/app-error';

export const noSuchPolicy = (id: string): AppError =>
  new AppError('not_found', `There is no licence policy ${id}. GET /api/license-policies lists them.`);

export const noSuchProduct = (id: string): AppError =>
  new AppError('not_found', `There is no licensed product ${id}. GET /api/license-products lists them.`);

export const noSuchLicense = (id: string): AppError =>
  new AppError('not_found', `There is no licence ${id}. GET /api/licenses lists them.`);

export const noSuchMachine = (id: string): AppError =>
  new AppError('not_found', `There is no machine ${id}. GET /api/licenses/{license_id}/machines lists them.`);

export const noSuchProcess = (id: string): AppError => new AppError('not_found', `There is no process ${id}.`);

/** A field whose value cannot be. @param path JSON Pointer into the body */
export const invalidField = (path: string, message: string): AppError =>
  new AppError('invalid_request', `${path}: ${message}.`, { faults: [{ path, code: 'invalid_value', message }] });

/**
 * A refusal by what a licence is or has.
 * @param reason says it to programs: upper-cased it is the code of the machine-facing protocol
 */
export function refused(problem: ProblemCode, reason: string, detail: string, path = ''): AppError {
  const fault: FieldFault = { path, code: reason, message: detail };
  return new AppError(problem, detail, { faults: [fault] });
}

/** @throws AppError version_mismatch unless the caller has seen this version, or does not care */
export function checkVersion(what: string, ifVersion: number | undefined, version: number): void {
  if (ifVersion === undefined || ifVersion === version) return;
  const message = `Somebody changed this ${what} since you read it. Read it again and repeat the change.`;
  throw new AppError('version_mismatch', message);
}

/** @throws AppError invalid_request naming every fault there is */
export function refuseFaults(faults: readonly FieldFault[]): void {
  const [first] = faults;
  if (first !== undefined) throw new AppError('invalid_request', `${first.path}: ${first.message}.`, { faults });
}

/**
 * What a subscription decides about a licence it issued is changed there.
 * @param change the fields that are to be changed
 * @throws AppError license_conflict
 */
export function refuseIssued(
  { id, source }: { readonly id: string; readonly source: string | null },
  change: Readonly<Record<string, unknown>>,
): void {
  if (source === null) return;
  const faults = ISSUED.filter((name) => change[name] !== undefined).map((name) => ({
    path: `/${name}`,
    code: 'issued_by_subscription',
    message: `follows the subscription ${source}`,
  }));
  if (faults.length === 0) return;
  const message = `The licence ${id} is issued by the subscription ${source}: its policy, its seats and its expiry follow that. Change the subscription.`;
  throw new AppError('license_conflict', message, { faults });
}

const ISSUED = ['policy', 'max_machines', 'expires_at'];

/** @throws AppError license_conflict if it is revoked: nothing brings it back */
export function refuseRevoked({ id, revokedAt }: { readonly id: string; readonly revokedAt: Date | null }): void {
  if (revokedAt === null) return;
  const message = `The licence ${id} is revoked, for ever. Issue another one.`;
  throw refused('license_conflict', 'license_revoked', message);
}
