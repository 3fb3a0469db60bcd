import { dunningPolicy, type UpdateDunningPolicyRequest } from '@bastionary/contracts/dunning';
import { queryOptions } from '@tanstack/react-query';
import { fetchVersioned } from './http';

const PATH = '/api/dunning-policy';

/** The policy together with the ETag that a change has to name. */
export const dunningPolicyQuery = queryOptions({
  queryKey: ['dunning-policy'],
  queryFn: ({ signal }) => fetchVersioned(dunningPolicy, PATH, { signal }),
});

export const updateDunningPolicy = (version: string, body: UpdateDunningPolicyRequest) =>
  fetchVersioned(dunningPolicy, PATH, { method: 'PUT', body, headers: { 'if-match': version } });
