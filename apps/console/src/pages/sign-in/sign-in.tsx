import { signInRequest } from '@bastionary/contracts/operators';
import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { ApiError } from '../../api/http';
import { queryClient } from '../../api/query-client';
import { sessionQuery, signIn } from '../../api/session';
import { ownPath } from '../../return-to';
import { Door } from '../../ui/door';
import { ErrorAlert } from '../../ui/error-alert';

const route = getRouteApi('/sign-in');

export const SignInPage = () => {
  const { returnTo } = route.useSearch();
  const router = useRouter();
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: schemaResolver(signInRequest, { sync: true }),
  });
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      router.history.replace(ownPath(returnTo));
    },
    onError: () => form.setFieldValue('password', ''),
  });

  return (
    <Door title="Sign in">
      <form onSubmit={form.onSubmit((values) => attempt.mutate(values))} noValidate>
        <Stack>
          {returnTo && !attempt.error && <Text size="sm">Sign in to go on where you were.</Text>}
          {attempt.error && <SignInError error={attempt.error} />}
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
