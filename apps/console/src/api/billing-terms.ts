import {
  billingProfile,
  billingRun,
  billingRunPage,
  coupon,
  couponList,
  type createCouponRequest,
  type createTaxRateRequest,
  type GiveCouponRequest,
  taxRate,
  taxRateList,
  type UpdateBillingProfileRequest,
} from '@bastionary/contracts/billing-terms';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { fetchJson, fetchVersioned, queryString, send } from './http';

const customerPath = (id: string) => `/api/customers/${encodeURIComponent(id)}`;

export const billingKeys = {
  all: ['billing'] as const,
  profile: (customerId: string) => ['billing', 'profile', customerId] as const,
};

/** How a customer is billed, together with the ETag that a change has to name. */
export const billingProfileQuery = (customerId: string) =>
  queryOptions({
    queryKey: billingKeys.profile(customerId),
    queryFn: async ({ signal }) => {
      const { body, etag } = await fetchVersioned(billingProfile, `${customerPath(customerId)}/billing`, { signal });
      return { profile: body, etag };
    },
  });

export const updateBillingProfile = (customerId: string, version: string, body: UpdateBillingProfileRequest) =>
  fetchJson(billingProfile, `${customerPath(customerId)}/billing`, {
    method: 'PATCH',
    body,
    headers: { 'if-match': version },
  });

export const giveCoupon = (customerId: string, body: GiveCouponRequest, key: string) =>
  send(`${customerPath(customerId)}/coupons`, { method: 'POST', body, headers: { 'idempotency-key': key } });

export const takeCoupon = (customerId: string, couponId: string) =>
  send(`${customerPath(customerId)}/coupons/${encodeURIComponent(couponId)}`, { method: 'DELETE' });

export const couponsQuery = queryOptions({
  queryKey: [...billingKeys.all, 'coupons'],
  queryFn: async ({ signal }) => (await fetchJson(couponList, '/api/coupons', { signal })).data,
});

export const taxRatesQuery = queryOptions({
  queryKey: [...billingKeys.all, 'tax-rates'],
  queryFn: async ({ signal }) => (await fetchJson(taxRateList, '/api/tax-rates', { signal })).data,
});

/** As they are sent: the api fills in what is left out. */
export type CouponDraft = z.input<typeof createCouponRequest>;
type TaxRateDraft = z.input<typeof createTaxRateRequest>;

export const createCoupon = (body: CouponDraft, key: string) =>
  fetchJson(coupon, '/api/coupons', { method: 'POST', body, headers: { 'idempotency-key': key } });

export const createTaxRate = (body: TaxRateDraft, key: string) =>
  fetchJson(taxRate, '/api/tax-rates', { method: 'POST', body, headers: { 'idempotency-key': key } });

export const retireCoupon = (key: string) =>
  fetchJson(coupon, `/api/coupons/${encodeURIComponent(key)}/retire`, { method: 'POST' });

export const retireTaxRate = (key: string) =>
  fetchJson(taxRate, `/api/tax-rates/${encodeURIComponent(key)}/retire`, { method: 'POST' });

export const billingRunsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: [...billingKeys.all, 'runs', cursor],
    queryFn: ({ signal }) =>
      fetchJson(billingRunPage, `/api/billing-runs${queryString({ limit: 25, cursor })}`, { signal }),
    placeholderData: keepPreviousData,
    // A worker does it: what is under way is looked at again until it is done.
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ status }) => status === 'waiting' || status === 'running') ? 2_000 : false,
  });

export const startBillingRun = (key: string) =>
  fetchJson(billingRun, '/api/billing-runs', { method: 'POST', headers: { 'idempotency-key': key } });
