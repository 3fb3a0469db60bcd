import { tokenInspection, tokenRevocation } from '@bastionary/contracts/tokens';
import { fetchJson } from './http';

export const inspectToken = (token: string) =>
  fetchJson(tokenInspection, '/api/tokens/inspect', { method: 'POST', body: { token } });

export const revokeToken = (token: string) =>
  fetchJson(tokenRevocation, '/api/tokens/revoke', { method: 'POST', body: { token } });
