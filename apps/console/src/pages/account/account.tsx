import { Alert, Stack } from '@mantine/core';
import { IconShieldExclamation } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { secondFactorsQuery } from '../../api/account';
import { useSession } from '../../api/session';
import { ErrorAlert } from '../../ui/error-alert';
import { Facts } from '../../ui/facts';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { AuthenticatorApp } from './authenticator-app';
import { Passkeys } from './passkeys';
import { RecoveryCodes } from './recovery-codes';
import { Sessions } from './sessions';

export const AccountPage = () => {
  const session = useSession();
  const { data: factors, error, refetch } = useQuery(secondFactorsQuery);
  const mustEnrol = session?.must_enrol ?? false;
  return (
    <>
      <PageHeader title="Your account" description="How you sign in, and where you are signed in." />
      <Stack gap="lg">
        {mustEnrol && (
          <Alert color="orange" icon={<IconShieldExclamation aria-hidden />} title="A second factor is needed first">
            This installation wants a second factor from your role. Add an authenticator app or a passkey; then
            everything else opens.
          </Alert>
        )}
        {session && (
          <Panel title="You">
            <Facts
              facts={[
                ['Name', session.operator.name],
                ['E-mail', session.operator.email],
                ['Role', session.operator.role],
              ]}
            />
          </Panel>
        )}
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {factors && (
          <>
            <AuthenticatorApp factors={factors} />
            <Passkeys factors={factors} />
            {(factors.totp || factors.passkeys.length > 0) && <RecoveryCodes left={factors.recovery_codes_left} />}
          </>
        )}
        {!mustEnrol && <Sessions />}
      </Stack>
    </>
  );
};
