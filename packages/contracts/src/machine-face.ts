import { z } from 'zod';
import { validationScope } from './license-validation.js';
import { activateMachineRequest, checkOutRequest } from './licenses.js';
import { queryText } from './text.js';

// The machine-facing protocol: JSON:API with camelCase members, as programs with a licence already speak it.

const identifier = (type: string) => z.strictObject({ type: z.literal(type), id: queryText(256) });
const toOne = (type: string) => z.strictObject({ data: identifier(type) });
const toMaybe = (type: string) => z.strictObject({ data: identifier(type).nullable() });

const nonce = z.union([z.int(), queryText(256)]).describe('Comes back in the answer, under its signature');

export const validateKeyBody = z
  .strictObject({
    meta: z.strictObject({
      key: z.string().min(1).max(4_096),
      scope: validationScope.nullish(),
      nonce: nonce.nullish(),
    }),
  })
  .meta({ id: 'MachineFaceValidateKey', example: { meta: { key: 'A1B2C3-…-V3', scope: { fingerprint: '4d:Eq' } } } });
export type ValidateKeyBody = z.infer<typeof validateKeyBody>;

export const validateBody = z
  .strictObject({
    meta: z.strictObject({ scope: validationScope.nullish(), nonce: nonce.nullish() }).optional(),
  })
  .meta({ id: 'MachineFaceValidate' });
export type ValidateBody = z.infer<typeof validateBody>;

const { fingerprint, hostname, platform, name, ip, cores, memory, disk, metadata } = activateMachineRequest.shape;
const component = z.strictObject({
  fingerprint: z.string().min(1).max(256),
  name: z.string().min(1).max(200),
  metadata: metadata.nullish(),
});

export const createMachineBody = z
  .strictObject({
    data: z.strictObject({
      type: z.literal('machines'),
      attributes: z.strictObject({
        fingerprint,
        name,
        hostname,
        platform,
        ip,
        cores,
        memory,
        disk,
        metadata: metadata.nullish(),
      }),
      relationships: z.strictObject({
        license: toOne('licenses'),
        owner: toMaybe('users').optional(),
        group: z.strictObject({ data: z.null() }).optional(),
        components: z
          .strictObject({
            data: z.array(z.strictObject({ type: z.literal('components'), attributes: component })).max(64),
          })
          .optional(),
      }),
    }),
  })
  .meta({ id: 'MachineFaceCreateMachine' });
export type CreateMachineBody = z.infer<typeof createMachineBody>;

export const updateMachineBody = z
  .strictObject({
    data: z.strictObject({
      type: z.literal('machines'),
      id: queryText(256).optional(),
      attributes: z
        .strictObject({ name, hostname, platform, ip, cores, memory, disk, metadata: metadata.nullish() })
        .partial(),
    }),
  })
  .meta({ id: 'MachineFaceUpdateMachine' });
export type UpdateMachineBody = z.infer<typeof updateMachineBody>;

export const createComponentBody = z
  .strictObject({
    data: z.strictObject({
      type: z.literal('components'),
      attributes: component,
      relationships: z.strictObject({ machine: toOne('machines') }),
    }),
  })
  .meta({ id: 'MachineFaceCreateComponent' });
export type CreateComponentBody = z.infer<typeof createComponentBody>;

export const createProcessBody = z
  .strictObject({
    data: z.strictObject({
      type: z.literal('processes'),
      attributes: z.strictObject({ pid: z.string().min(1).max(256), metadata: metadata.nullish() }),
      relationships: z.strictObject({ machine: toOne('machines') }),
    }),
  })
  .meta({ id: 'MachineFaceCreateProcess' });
export type CreateProcessBody = z.infer<typeof createProcessBody>;

export const usageBody = z
  .strictObject({
    meta: z
      .strictObject({ increment: z.int().min(1).max(1_000_000), decrement: z.int().min(1).max(1_000_000) })
      .partial()
      .optional(),
  })
  .meta({ id: 'MachineFaceUsage' });
export type UsageBody = z.infer<typeof usageBody>;

/** Options of a check-out stand in the address; programs send an empty object besides. */
export const checkOutQuery = z.strictObject({
  encrypt: z.union([z.literal(''), z.literal('1'), z.literal('0'), z.literal('true'), z.literal('false')]).optional(),
  ttl: z.union([z.coerce.number().int().min(3_600), z.literal('null')]).optional(),
  include: queryText(500).optional(),
  algorithm: queryText(64).optional(),
});
export type CheckOutQuery = z.infer<typeof checkOutQuery>;
export const checkOutBody = z
  .strictObject({ meta: checkOutRequest.partial().optional() })
  .meta({ id: 'MachineFaceCheckOut' });
export type CheckOutBody = z.infer<typeof checkOutBody>;

/** Pages: `limit` gives the first so many; `page[number]` and `page[size]` the others. */
export const faceListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).optional(),
  'page[size]': z.coerce.number().int().min(1).max(100).optional(),
  'page[number]': z.coerce.number().int().min(1).max(1_000_000).optional(),
});
export type FaceListQuery = z.infer<typeof faceListQuery>;

export const faceParams = z.strictObject({ account: queryText(64).optional() });
export const faceLicenseParams = z.strictObject({ account: queryText(64).optional(), license: queryText(512) });
export const faceMachineParams = z.strictObject({ account: queryText(64).optional(), machine: queryText(256) });
export const faceComponentParams = z.strictObject({ account: queryText(64).optional(), component: queryText(64) });
export const faceProcessParams = z.strictObject({ account: queryText(64).optional(), process: queryText(64) });

const resource = z.object({
  id: z.string(),
  type: z.string(),
  attributes: z.record(z.string(), z.json()),
  relationships: z.record(z.string(), z.json()).optional(),
  links: z.record(z.string(), z.json()).optional(),
});
export const faceDocument = z
  .object({
    data: resource.nullable(),
    meta: z.record(z.string(), z.json()).optional(),
    included: z.array(resource).optional(),
  })
  .meta({ id: 'MachineFaceDocument' });
export const faceList = z
  .object({
    data: z.array(resource),
    links: z.record(z.string(), z.json()).optional(),
    meta: z.record(z.string(), z.json()).optional(),
  })
  .meta({ id: 'MachineFaceList' });

export const faceErrors = z
  .object({
    errors: z.array(
      z.object({
        title: z.string(),
        detail: z.string(),
        code: z.string(),
        source: z.object({ pointer: z.string(), parameter: z.string() }).partial().optional(),
      }),
    ),
  })
  .meta({ id: 'MachineFaceErrors' });
