import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';

/**
 * A client that did not prove itself. The answer is the same whatever was wrong (RFC 6749 §5.2); what it was stands in
 * the log and in the list of failures, for the client's owner.
 */
export const failedAuthentication = (clientId: string | undefined, reasonCode: string, reason: string): OAuthFault =>
  new OAuthFault('invalid_client', 'Client authentication failed', {
    reasonCode,
    reason,
    ...(clientId !== undefined && { clientId }),
  });
