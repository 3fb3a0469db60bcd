import { z } from 'zod';

/** The id of a licence may stand in the address; a key never does. */
export const testerSearch = z.object({
  license: z
    .string()
    .regex(/^lic_[0-9a-z]{26}$/)
    .optional()
    .catch(undefined),
});
