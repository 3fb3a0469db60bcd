import { z } from 'zod';

/** A protected API and the scopes it owns. */
export const resource = z
  .object({
    identifier: z.string().describe('The URI that stands in the token as its audience'),
    name: z.string(),
    scopes: z.array(z.object({ name: z.string(), description: z.string() })),
  })
  .meta({ id: 'Resource' });
export type Resource = z.infer<typeof resource>;

export const resourceList = z.object({ data: z.array(resource) }).meta({ id: 'ResourceList' });
export type ResourceList = z.infer<typeof resourceList>;
