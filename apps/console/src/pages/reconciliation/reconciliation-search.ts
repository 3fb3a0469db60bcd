import { z } from 'zod';

const words = (length: number) => z.string().max(length).optional().catch(undefined);

export const reconciliationListSearch = z.object({ cursor: words(512) });
export const reconciliationSearch = z.object({ after: words(12), all: words(5) });
