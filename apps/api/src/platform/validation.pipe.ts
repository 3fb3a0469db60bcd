import type { FieldFault } from '@bastionary/contracts/problem';
import { AppError } from '@bastionary/platform/app-error';
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import type { z } from 'zod';

/** Checks every declared body, query and path parameter against its schema; what passes is what the schema made of it. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { schema, type }: ArgumentMetadata): unknown {
    if (schema === undefined) return value;
    const parsed = (schema as z.ZodType).safeParse(value ?? {});
    if (parsed.success) return parsed.data;
    const faults = faultsOf(parsed.error.issues, type);
    throw new AppError('invalid_request', sentence(faults), { faults });
  }
}

export const faultsOf = (issues: readonly z.core.$ZodIssue[], type: ArgumentMetadata['type']): FieldFault[] =>
  issues.flatMap((issue) => toFaults(issue, type));

function toFaults(issue: z.core.$ZodIssue, type: ArgumentMetadata['type']): FieldFault[] {
  const at = (path: readonly PropertyKey[]): string =>
    type === 'query' ? `?${path.join('.')}` : path.map((part) => `/${pointerPart(String(part))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: at([...issue.path, key]),
      code: 'unknown_field',
      message: 'is not known here',
    }));
  }
  return [{ path: at(issue.path), code: issue.code, message: issue.message }];
}

// RFC 6901 §3
const pointerPart = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

function sentence(faults: readonly FieldFault[]): string {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return first === undefined ? 'The request is not valid.' : `${first.path || 'The body'}: ${first.message}${more}.`;
}
