import { faceErrors } from '@bastionary/contracts/machine-face';
import { problem } from '@bastionary/contracts/problem';
import { oauthError } from '@bastionary/contracts/tokens';
import { usageEvents } from '@bastionary/contracts/usage';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { isOAuthPath } from './platform/body-parsers.js';
import { isMachinePath } from './platform/machine-answer.js';

/** The OpenAPI 3.1 document of every route, made from the schemas that validate. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const header = new DocumentBuilder()
    .setTitle('Bastionary')
    .setDescription('Machine-to-machine authentication, billing, licensing and feature flags.')
    .setVersion('0.1.0')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'at+jwt', description: 'An access token' })
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'client_id and client_secret, form-urlencoded' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A public key for flags' }, 'flag_key')
    .addCookieAuth('__Host-bastionary', { type: 'apiKey', in: 'cookie', description: 'A console session' }, 'session')
    .build();
  const document = SwaggerModule.createDocument(app, header, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? convert(schema, schemaType) : undefined,
  });
  return withErrors(document);
}

function convert(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema, $defs, ...converted } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  });
  return { schema: converted, components: $defs ?? {} };
}

type ErrorAnswer = { description: string; content: Record<string, { schema: { $ref: string } }> };

const OAUTH_ERROR: ErrorAnswer = {
  description: 'RFC 6749 §5.2',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/OAuthError' } } },
};
const PROBLEM: ErrorAnswer = {
  description: 'RFC 9457 problem details, with a stable code',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const MACHINE_ERROR: ErrorAnswer = {
  description: 'JSON:API §9',
  content: { 'application/vnd.api+json': { schema: { $ref: '#/components/schemas/MachineFaceErrors' } } },
};

// Every route can fail, and does so in one of three forms, by its surface. Events are read by hand, and described here.
function withErrors(document: OpenAPIObject): OpenAPIObject {
  const all = z.toJSONSchema(z.object({ problem, oauthError, usageEvents, faceErrors }), {
    target: 'draft-2020-12',
    io: 'output',
  });
  const schemas = JSON.parse(JSON.stringify(all.$defs).replaceAll('#/$defs/', '#/components/schemas/')) as object;
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...schemas } };
  for (const [path, item] of Object.entries(document.paths)) {
    for (const operation of [item.get, item.post, item.put, item.patch, item.delete, item.options]) {
      if (operation === undefined) continue;
      operation.responses.default = isOAuthPath(path) ? OAUTH_ERROR : isMachinePath(path) ? MACHINE_ERROR : PROBLEM;
      // A route with several addresses is numbered by Nest: the first keeps the name.
      operation.operationId = operation.operationId?.replace('[0]', '').replaceAll(/\[(\d)\]/g, '_$1') ?? '';
    }
  }
  return document;
}
