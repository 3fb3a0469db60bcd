import { sql } from '@bastionary/prisma/client';

/**
 * From `event` (events, each beside its meter) those that the meter counts, with what it counts of them. All who measure
 * events measure them by this, the fold and the readers of what is not folded.
 */
export const countedEvents = sql`
  SELECT event.*, measured.value, measured.digest,
    CASE WHEN cardinality(group_by) = 0 THEN '[]' ELSE usage_dimensions(data, group_by) END AS dimensions
  FROM event CROSS JOIN LATERAL (
    SELECT CASE WHEN aggregation IN ('sum', 'max', 'latest') THEN usage_number(data #> path) END AS value,
      CASE WHEN aggregation = 'unique' THEN sha256(convert_to(data #>> path, 'UTF8')) END AS digest
  ) measured
  WHERE (aggregation = 'count' OR value IS NOT NULL OR digest IS NOT NULL)
    AND (filters = '[]'::jsonb OR usage_passes(data, filters))`;
