import { problem } from '@bastionary/contracts/problem';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';

/** The OpenAPI 3.1 document of every route, made from the schemas that validate. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Bastionary')
    .setDescription(
      'Machine-to-machine authentication, billing, licensing and feature flags. Errors outside /oauth2 are RFC 9457 problem details.',
    )
    .setVersion('0.1.0')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'at+jwt' })
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'client_id and client_secret, form-urlencoded' })
    .addSecurityRequirements('bearer')
    .addGlobalResponse({ status: 'default', description: 'A problem', standardSchema: problem } as never)
    .build();
  return SwaggerModule.createDocument(app, builder, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
    standardSchemaConverter: (schema, { schemaType }) => {
      if (!(schema instanceof z.ZodType)) return undefined;
      const { $schema, $defs, ...converted } = z.toJSONSchema(schema, {
        target: 'draft-2020-12',
        io: schemaType,
        unrepresentable: 'any',
      });
      return { schema: converted, components: $defs ?? {} };
    },
  });
}
