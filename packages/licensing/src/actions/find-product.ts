import type { LicenseProduct, Release } from '@bastionary/contracts/licenses';
import { toInstant } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import { noSuchProduct } from './refusals.js';

const DEFAULT_CODE = 'default';

/** By id or code; without either the one of those who sell only one. @throws AppError not_found */
export async function getProduct(db: Reader, idOrCode: string = DEFAULT_CODE) {
  const row = await db.licenseProduct.findFirst({ where: { OR: [{ id: idOrCode }, { code: idOrCode }] } });
  if (row === null) throw noSuchProduct(idOrCode);
  return row;
}

export type ProductRow = Awaited<ReturnType<typeof getProduct>>;

/** By code. */
export const listProducts = (db: Reader): Promise<ProductRow[]> =>
  db.licenseProduct.findMany({ orderBy: { code: 'asc' } });

/** A product as it stands in answers. */
export const toProduct = ({ id, code, name, createdAt }: ProductRow): LicenseProduct => ({
  id,
  code,
  name,
  created_at: toInstant(createdAt),
});

/** The newest first. @throws AppError not_found (the product) */
export async function listReleases(db: Reader, product: string): Promise<Release[]> {
  const { id } = await getProduct(db, product);
  const rows = await db.licenseRelease.findMany({
    where: { productId: id },
    orderBy: [{ publishedAt: 'desc' }, { version: 'desc' }],
  });
  return rows.map(toRelease);
}

export const toRelease = (row: { version: string; checksums: string[]; publishedAt: Date }): Release => ({
  version: row.version,
  checksums: row.checksums,
  published_at: toInstant(row.publishedAt),
});
