import type { Session } from '@bastionary/contracts/operators';
import { Alert, Center, Loader, Text } from '@mantine/core';
import { IconLinkOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError } from '../../api/http';
import { queryClient } from '../../api/query-client';
import { redeemLink, sessionQuery } from '../../api/session';
import { Command } from '../../ui/command';
import { Door } from '../../ui/door';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor } from '../../ui/links';
import { SecondStep } from '../sign-in/second-step';
import { SetPasswordForm } from './set-password-form';

/** Takes the token out of the address at once, so that it stays out of the history and off shared screens. */
const takeToken = () => {
  const token = window.location.hash.slice(1);
  if (token) window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
};

// A link works once. Effects may run twice, so what was sent is remembered outside of them.
const sent = new Map<string, ReturnType<typeof redeemLink>>();
const redeemOnce = (token: string) => {
  const answer = sent.get(token) ?? redeemLink(token);
  sent.set(token, answer);
  return answer;
};

export const StartPage = () => {
  const [token] = useState(takeToken);
  const [error, setError] = useState<Error | null>(null);
  const [isRedeeming, setIsRedeeming] = useState(token !== '');
  const session = useQuery({ ...sessionQuery, enabled: !isRedeeming });

  useEffect(() => {
    if (!token) return;
    redeemOnce(token)
      .then((redeemed) => queryClient.setQueryData(sessionQuery.queryKey, redeemed), setError)
      .finally(() => setIsRedeeming(false));
  }, [token]);

  // Another link opened in this tab changes only the part after the #, which alone loads nothing.
  useEffect(() => {
    const startAgain = () => window.location.reload();
    window.addEventListener('hashchange', startAgain);
    return () => window.removeEventListener('hashchange', startAgain);
  }, []);

  if (error) return <LinkRefused error={error} />;
  if (isRedeeming || session.isPending) {
    return (
      <Door title="Checking your link">
        <Center py="lg">
          <Loader aria-label="Checking" />
        </Center>
      </Door>
    );
  }
  if (session.error) return <LinkRefused error={session.error} />;
  if (!session.data) return <LinkRefused error={null} />;
  if (session.data.must_verify) {
    const goOn = (verified: Session) => queryClient.setQueryData(sessionQuery.queryKey, verified);
    return <SecondStep session={session.data} onVerified={goOn} />;
  }
  if (!session.data.must_set_password) return <Navigate to="/" replace />;
  return <SetPasswordForm operator={session.data.operator} />;
};

const LinkRefused = ({ error }: { error: Error | null }) => {
  const isLink =
    error === null || (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429);
  return (
    <Door title="Set up your account">
      {isLink ? (
        <Alert
          color="orange"
          role="alert"
          icon={<IconLinkOff aria-hidden />}
          title="This link does not work any more"
          mb="md"
        >
          A sign-in link works once and for a short time only.
        </Alert>
      ) : (
        <ErrorAlert error={error} onRetry={() => window.location.reload()} />
      )}
      <Text size="sm" my="sm">
        For a new one, run this in Bastionary’s folder on the server:
      </Text>
      <Command command="npm run sign-in-link" label="New sign-in link" />
      <Text size="sm" mt="md">
        Have a password already?{' '}
        <RouterAnchor to="/sign-in" search={{}} underline="always">
          Sign in
        </RouterAnchor>
      </Text>
    </Door>
  );
};
