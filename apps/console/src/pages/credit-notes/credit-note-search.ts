import { z } from 'zod';

const words = (length: number) => z.string().max(length).optional().catch(undefined);

export const creditNoteSearch = z.object({
  customer_id: words(64),
  currency: words(3),
  from: words(40),
  to: words(40),
  cursor: words(512),
});
