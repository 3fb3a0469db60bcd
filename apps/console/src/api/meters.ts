import { type createMeterRequest, meter, meterList, type UpdateMeterRequest } from '@bastionary/contracts/meters';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { fetchJson } from './http';

export const meterKeys = { all: ['meters'] as const };

export const metersQuery = queryOptions({
  queryKey: meterKeys.all,
  queryFn: async ({ signal }) => (await fetchJson(meterList, '/api/meters', { signal })).data,
});

/** As it is sent: the api fills in what is left out. */
type MeterDraft = z.input<typeof createMeterRequest>;

export const createMeter = (body: MeterDraft, key: string) =>
  fetchJson(meter, '/api/meters', { method: 'POST', body, headers: { 'idempotency-key': key } });

export const updateMeter = (key: string, body: UpdateMeterRequest) =>
  fetchJson(meter, `/api/meters/${encodeURIComponent(key)}`, { method: 'PATCH', body });
