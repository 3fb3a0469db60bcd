import { z } from 'zod';
import { flagKey } from './flag-rules.js';

// OFREP 0.3.0: what applications ask for flags.

export const evaluationRequest = z
  .object({ context: z.record(z.string(), z.json()).describe('`targetingKey` and whatever else rules look at') })
  .meta({ id: 'FlagEvaluationRequest', example: { context: { targetingKey: 'user-123', country: 'FR' } } });

const metadata = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export const evaluation = z
  .object({
    key: z.string(),
    reason: z.string().describe('STATIC, DEFAULT, TARGETING_MATCH, SPLIT or DISABLED'),
    value: z.json(),
    variant: z.string(),
    metadata: metadata.describe('`revision`; `gate` and `required_plan` of a closed gate; `rule` that decided'),
  })
  .meta({ id: 'FlagEvaluation' });
export const evaluationFailure = z
  .object({
    key: z.string().optional(),
    errorCode: z.enum(['PARSE_ERROR', 'INVALID_CONTEXT', 'FLAG_NOT_FOUND', 'GENERAL']),
    errorDetails: z.string(),
  })
  .meta({ id: 'FlagEvaluationFailure' });
export const bulkEvaluation = z
  .object({
    flags: z.array(evaluation),
    metadata,
    eventStreams: z.array(
      z.object({
        type: z.literal('sse'),
        endpoint: z.object({ requestUri: z.string() }),
        inactivityDelaySec: z.int(),
      }),
    ),
  })
  .meta({ id: 'BulkFlagEvaluation' });
export const evaluationParams = z.strictObject({ key: flagKey });
export const flagdDefinitions = z
  .object({ flags: z.record(z.string(), z.json()), metadata })
  .loose()
  .meta({ id: 'FlagdDefinitions' });
