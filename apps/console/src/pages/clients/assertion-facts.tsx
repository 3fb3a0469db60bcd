import { CopyableId } from '../../ui/copyable-id';
import { Facts } from '../../ui/facts';

/** What a program with a key of its own puts into its assertions: RFC 7523 §3 with the audience of RFC 10070. */
export const AssertionFacts = ({ clientId, issuer }: { clientId: string; issuer: string }) => (
  <Facts
    facts={[
      ['Issuer and subject', <CopyableId key="id" id={clientId} what="client id" />],
      ['Audience', <CopyableId key="audience" id={issuer} what="audience" />],
      ['Algorithms', 'ES256, PS256 or EdDSA'],
      ['Sent to', <CopyableId key="endpoint" id={`${issuer}/oauth2/token`} what="token endpoint" />],
    ]}
  />
);
