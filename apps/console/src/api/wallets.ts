import { type CreateCreditRequest, credit, creditPage, walletEntryPage } from '@bastionary/contracts/wallets';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString } from './http';

const pathOf = (customerId: string) => `/api/customers/${encodeURIComponent(customerId)}`;

const walletKeys = { all: ['wallets'] as const };

export const creditsQuery = (customerId: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: [...walletKeys.all, customerId, 'credits', cursor],
    queryFn: ({ signal }) =>
      fetchJson(creditPage, `${pathOf(customerId)}/credits${queryString({ limit: 25, cursor })}`, { signal }),
    placeholderData: keepPreviousData,
  });

export const walletEntriesQuery = (customerId: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: [...walletKeys.all, customerId, 'entries', cursor],
    queryFn: ({ signal }) =>
      fetchJson(walletEntryPage, `${pathOf(customerId)}/wallet-entries${queryString({ limit: 25, cursor })}`, {
        signal,
      }),
    placeholderData: keepPreviousData,
  });

export const grantCredit = (customerId: string, body: Omit<CreateCreditRequest, 'priority'>, key: string) =>
  fetchJson(credit, `${pathOf(customerId)}/credits`, { method: 'POST', body, headers: { 'idempotency-key': key } });

export const voidCredit = (customerId: string, creditId: string) =>
  fetchJson(credit, `${pathOf(customerId)}/credits/${encodeURIComponent(creditId)}/void`, { method: 'POST' });
