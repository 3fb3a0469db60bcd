import { z } from 'zod';

/** Query of every list: at most `limit` items, after `cursor` (the `next_cursor` of the page before). */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(512).optional(),
};

/** A page of a list: `next_cursor` is null on the last one. */
export const page = <Item extends z.ZodType>(item: Item, id: string) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() }).meta({ id });
