import type { CreateLicenseProductRequest } from '@bastionary/contracts/licenses';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { getProduct, type ProductRow } from './find-product.js';

/** @throws AppError duplicate_license_product */
export async function createProduct(
  tx: Transaction,
  origin: Origin,
  { code, name }: CreateLicenseProductRequest,
  now: Date,
): Promise<ProductRow> {
  const id = newId('prd');
  const data = { id, code, name, createdAt: now, updatedAt: now };
  const { count } = await tx.licenseProduct.createMany({ data, skipDuplicates: true });
  if (count === 0) {
    throw new AppError('duplicate_license_product', `Another product has the code ${code}. Choose another.`, {
      faults: [{ path: '/code', code: 'duplicate_license_product', message: 'is taken' }],
    });
  }
  await appendAudit(tx, origin, {
    action: 'license_product.created',
    target: `license_product:${id}`,
    detail: { code, name },
  });
  return getProduct(tx, id);
}
