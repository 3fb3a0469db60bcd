import {
  handedLink,
  type InviteRequest,
  operator,
  operatorPage,
  type UpdateOperatorRequest,
} from '@bastionary/contracts/operators';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString, send } from './http';

export const operatorKeys = { all: ['operators'] as const };

export const operatorsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: [...operatorKeys.all, { cursor }],
    queryFn: ({ signal }) => fetchJson(operatorPage, `/api/operators${queryString({ limit: 25, cursor })}`, { signal }),
    placeholderData: keepPreviousData,
  });

export const inviteOperator = (body: InviteRequest, idempotencyKey: string) =>
  fetchJson(handedLink, '/api/operators', { method: 'POST', body, headers: { 'idempotency-key': idempotencyKey } });

export const newSignInLink = (id: string) =>
  fetchJson(handedLink, `/api/operators/${id}/sign-in-link`, { method: 'POST' });

export const updateOperator = (id: string, body: UpdateOperatorRequest) =>
  fetchJson(operator, `/api/operators/${id}`, { method: 'PATCH', body });

export const deleteOperator = (id: string) => send(`/api/operators/${id}`, { method: 'DELETE' });

export const endSessionsOf = (id: string) => send(`/api/operators/${id}/sessions`, { method: 'DELETE' });

export const removeSecondFactorsOf = (id: string) => send(`/api/operators/${id}/second-factors`, { method: 'DELETE' });
