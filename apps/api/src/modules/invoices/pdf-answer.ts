import type { DocumentFile } from '@bastionary/billing/actions/documents/document-pdf';
import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** A document as a file to keep. Its ETag is the hash of its bytes, which never change. */
export function pdfAnswer({ name, bytes, hash }: DocumentFile, reply: FastifyReply): StreamableFile {
  reply.header('etag', `"${hash}"`);
  reply.header('cache-control', 'private, no-cache');
  return new StreamableFile(bytes, {
    type: 'application/pdf',
    disposition: `inline; filename="${name}"`,
    length: bytes.byteLength,
  });
}
