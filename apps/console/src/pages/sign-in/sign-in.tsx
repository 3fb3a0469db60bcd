import { type Session, signInRequest } from '@bastionary/contracts/operators';
import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { canUsePasskeys } from '../../api/authenticator';
import { ApiError } from '../../api/http';
import { queryClient } from '../../api/query-client';
import { sessionQuery, signIn, signInByPasskey } from '../../api/session';
import { ownPath } from '../../return-to';
import { Door } from '../../ui/door';
import { ErrorAlert } from '../../ui/error-alert';
import { SecondStep } from './second-step';

const route = getRouteApi('/sign-in');

export const SignInPage = () => {
  const { returnTo } = route.useSearch();
  const router = useRouter();
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: schemaResolver(signInRequest, { sync: true }),
  });
  // Only what this page, or the one that led here, has learned already.
  const current = useQuery({ ...sessionQuery, enabled: false }).data;
  const goOn = (session: Session) => {
    queryClient.setQueryData(sessionQuery.queryKey, session);
    if (!session.must_verify) router.history.replace(ownPath(returnTo));
  };
  const byPasskey = useMutation({ mutationFn: signInByPasskey, onSuccess: goOn });
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: goOn,
    onMutate: () => byPasskey.reset(),
    onError: () => form.setFieldValue('password', ''),
  });

  if (current?.must_verify) return <SecondStep session={current} onVerified={goOn} />;
  return (
    <Door title="Sign in">
      <form onSubmit={form.onSubmit((values) => attempt.mutate(values))} noValidate>
        <Stack>
          {returnTo && !attempt.error && <Text size="sm">Sign in to go on where you were.</Text>}
          {attempt.error && <SignInError error={attempt.error} />}
          {byPasskey.error && <ErrorAlert error={byPasskey.error} title="The passkey was not accepted" />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            autoFocus
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" fullWidth loading={attempt.isPending}>
            Sign in
          </Button>
          {canUsePasskeys() && (
            <Button
              variant="default"
              fullWidth
              leftSection={<IconFingerprint size={18} aria-hidden />}
              loading={byPasskey.isPending}
              onClick={() => byPasskey.mutate()}
            >
              Sign in with a passkey
            </Button>
          )}
          <Text size="sm" c="dimmed">
            No password yet, or lost it? On the server run <code>npm run sign-in-link</code> and open the link it
            prints.
          </Text>
        </Stack>
      </form>
    </Door>
  );
};

const SignInError = ({ error }: { error: Error }) =>
  error instanceof ApiError && error.code === 'invalid_sign_in' ? (
    <Alert color="red" role="alert" title="The e-mail or the password is wrong" />
  ) : (
    <ErrorAlert error={error} />
  );
