import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { z } from 'zod';

/** The query of a list without its paging: a CSV holds all rows. */
export type CsvQuery<Query> = Omit<Query, 'limit' | 'cursor'>;

type Paged = z.ZodObject<{ limit: z.ZodType; cursor: z.ZodType }>;
export const csvQueryOf = <Query extends Paged>(query: Query) => query.omit({ limit: true, cursor: true } as never);

/** A route that answers CSV. */
export const CsvAnswer = (summary: string) =>
  applyDecorators(
    ApiOperation({ summary: `${summary}, as CSV: every row of the list` }),
    ApiProduces('text/csv'),
    ApiOkResponse({ schema: { type: 'string' } }),
  );
