import type { PublishReleaseRequest, Release } from '@bastionary/contracts/licenses';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { getProduct, toRelease } from './find-product.js';

/**
 * Says that a version of a product is out, and which files belong to it. The same version again replaces its files and
 * its date.
 * @throws AppError not_found (the product)
 */
export async function publishRelease(
  tx: Transaction,
  origin: Origin,
  product: string,
  { version, checksums, published_at }: PublishReleaseRequest,
  now: Date,
): Promise<Release> {
  const { id: productId } = await getProduct(tx, product);
  const content = { checksums, publishedAt: published_at === undefined ? now : new Date(published_at) };
  const row = await tx.licenseRelease.upsert({
    where: { productId_version: { productId, version } },
    create: { productId, version, ...content },
    update: content,
  });
  const release = toRelease(row);
  await appendAudit(tx, origin, {
    action: 'license_release.published',
    target: `license_product:${productId}`,
    detail: { ...release },
  });
  return release;
}
