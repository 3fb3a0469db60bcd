import type { Client } from '@bastionary/contracts/clients';
import { Alert, Stack, Switch, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Choice } from '../../../../ui/choice';
import { ListField } from '../../../../ui/list-field';
import { Panel } from '../../../../ui/panel';
import { differences } from '../../../../ui/use-draft';
import { ClientForm, type ClientFormProps } from '../client-form';
import { checkAddress } from './address';

const METHODS = [
  {
    value: 'any_secret',
    label: 'A secret, either way',
    description: 'In the Authorization header or in the body, whichever the program does.',
  },
  {
    value: 'client_secret_basic',
    label: 'A secret in the Authorization header',
    description: 'HTTP Basic (client_secret_basic). A secret in the body is refused.',
  },
  {
    value: 'client_secret_post',
    label: 'A secret in the body',
    description: 'client_secret_post, for programs that cannot send the header.',
  },
  {
    value: 'private_key_jwt',
    label: 'A private key of its own',
    description: 'private_key_jwt: it signs a short-lived assertion, and no secret is shared. Secrets stop counting.',
  },
] as const;

type Method = (typeof METHODS)[number]['value'];

const read = (client: Client) => ({
  method: (client.token_endpoint_auth_method ?? 'any_secret') as Method,
  jwks_uri: client.jwks_uri ?? '',
  legacy_assertion_audience: client.legacy_assertion_audience,
  dpop_bound_access_tokens: client.dpop_bound_access_tokens,
  allowed_addresses: client.allowed_addresses,
});
type Draft = ReturnType<typeof read>;

const write = (draft: Draft, base: Draft) => {
  const { method, jwks_uri, ...rest } = differences(draft, base);
  return {
    body: {
      ...rest,
      ...(method && { token_endpoint_auth_method: method === 'any_secret' ? null : method }),
      ...(jwks_uri !== undefined && { jwks_uri: jwks_uri.trim() || null }),
    },
  };
};

/** How the client proves who it is, from where, and whether its tokens are bound to a key. */
export const AuthenticationTab = (props: ClientFormProps) => (
  <ClientForm {...props} read={read} write={write} done="The authentication is saved.">
    {({ draft, change, faults, isReadOnly }) => {
      const usesKey = draft.method === 'private_key_jwt';
      return (
        <>
          <Panel title="How it proves who it is">
            <Stack>
              <Choice
                label="Method at the token endpoint"
                options={[...METHODS]}
                value={draft.method}
                onChange={(method) => change({ method: method as Method })}
                isReadOnly={isReadOnly}
              />
              {usesKey && (
                <>
                  <TextInput
                    label="Address of its keys"
                    description="Where the client publishes its JWK Set (jwks_uri, https only). Empty: the public keys among its credentials count."
                    placeholder="https://client.example/jwks.json"
                    type="url"
                    autoComplete="off"
                    spellCheck={false}
                    value={draft.jwks_uri}
                    onChange={(event) => change({ jwks_uri: event.currentTarget.value })}
                    error={faults.jwks_uri}
                    disabled={isReadOnly}
                  />
                  <Switch
                    label="Accept assertions made out to the token endpoint"
                    description="For old programs only. By RFC 10070 the audience of an assertion is this server’s issuer."
                    checked={draft.legacy_assertion_audience}
                    onChange={(event) => change({ legacy_assertion_audience: event.currentTarget.checked })}
                    disabled={isReadOnly}
                  />
                  {draft.legacy_assertion_audience && (
                    <Alert
                      color="orange"
                      icon={<IconAlertTriangle aria-hidden />}
                      title="An assertion can be taken elsewhere"
                    >
                      A server that the client also talks to could pass its assertion on to this one. Turn this off as
                      soon as the program names the issuer.
                    </Alert>
                  )}
                </>
              )}
            </Stack>
          </Panel>
          <Panel title="Proof of possession">
            <Switch
              label="Its tokens are bound to a key (DPoP)"
              description="RFC 9449: each request proves the key that the token was issued for, so that a stolen token is of no use."
              checked={draft.dpop_bound_access_tokens}
              onChange={(event) => change({ dpop_bound_access_tokens: event.currentTarget.checked })}
              disabled={isReadOnly}
            />
          </Panel>
          <Panel title="Where it may come from">
            <ListField
              label="Allowed addresses"
              description="IPv4 and IPv6 addresses, or ranges such as 10.0.0.0/8. From anywhere else it gets no token."
              placeholder="10.0.0.0/8"
              emptyText="Any address"
              value={draft.allowed_addresses}
              onChange={(allowed_addresses) => change({ allowed_addresses })}
              check={checkAddress}
              error={faults.allowed_addresses}
              isReadOnly={isReadOnly}
            />
          </Panel>
        </>
      );
    }}
  </ClientForm>
);
