import { Text } from '@mantine/core';
import { Facts } from '../../ui/facts';
import { ScopeNames } from '../../ui/scope-names';
import { formatDateTime, formatRelative } from '../../ui/time';

/** What the registered claims mean: RFC 7519 §4.1, RFC 9068 §2.2, RFC 7515 §4.1. */
const MEANINGS: Record<string, string> = {
  iss: 'issuer',
  sub: 'subject',
  aud: 'audience',
  exp: 'expires',
  iat: 'issued',
  nbf: 'not before',
  jti: 'token id',
  client_id: 'client',
  scope: 'scopes',
  alg: 'algorithm',
  typ: 'type',
  kid: 'key id',
};

const INSTANTS = new Set(['exp', 'iat', 'nbf']);

const Value = ({ name, value }: { name: string; value: unknown }) => {
  if (INSTANTS.has(name) && typeof value === 'number') {
    const instant = new Date(value * 1_000).toISOString();
    return (
      <>
        {formatDateTime(instant)}, {formatRelative(instant)}{' '}
        <Text span inherit c="dimmed">
          ({value})
        </Text>
      </>
    );
  }
  if (name === 'scope' && typeof value === 'string') return <ScopeNames scopes={value.split(' ')} />;
  return <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>;
};

export const Claims = ({ values }: { values: Record<string, unknown> }) => (
  <Facts
    facts={Object.entries(values).map(([name, value]) => [
      MEANINGS[name] ? `${name} · ${MEANINGS[name]}` : name,
      <Value key={name} name={name} value={value} />,
    ])}
  />
);
