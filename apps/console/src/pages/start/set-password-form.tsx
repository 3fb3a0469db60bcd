import { PASSWORD_LENGTH_MIN, type Session, setPasswordRequest } from '@bastionary/contracts/operators';
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ApiError } from '../../api/http';
import { queryClient } from '../../api/query-client';
import { sessionQuery, setPassword } from '../../api/session';
import { Door } from '../../ui/door';
import { ErrorAlert } from '../../ui/error-alert';

/** For the first operator, and for one who lost the password. */
export const SetPasswordForm = ({ operator }: { operator: Session['operator'] }) => {
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { email: operator.email ?? '', name: operator.email ? operator.name : '', password: '' },
    validate: schemaResolver(setPasswordRequest, { sync: true }),
  });
  const save = useMutation({
    mutationFn: setPassword,
    onSuccess: async (session) => {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: '/', replace: true });
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.fieldErrors),
  });
  const hasFieldErrors = Object.keys(form.errors).length > 0;

  return (
    <Door title="Set up your account" description="Choose how you sign in from now on.">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          {save.error && !hasFieldErrors && <ErrorAlert error={save.error} />}
          <TextInput
            label="E-mail"
            description="You sign in with it."
            type="email"
            autoComplete="username"
            required
            autoFocus
            {...form.getInputProps('email')}
          />
          <TextInput
            label="Your name"
            description="It stands in the audit log."
            autoComplete="name"
            required
            {...form.getInputProps('name')}
          />
          <PasswordInput
            label="Password"
            description={<LengthHint length={form.values.password.length} />}
            autoComplete="new-password"
            required
            minLength={PASSWORD_LENGTH_MIN}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" fullWidth loading={save.isPending}>
            Set password and go on
          </Button>
        </Stack>
      </form>
    </Door>
  );
};

const LengthHint = ({ length }: { length: number }) => {
  const missing = PASSWORD_LENGTH_MIN - length;
  if (length > 0 && missing <= 0)
    return (
      <Text inherit c="var(--mantine-color-success)" component="span">
        ✓ Long enough
      </Text>
    );
  return (
    <>
      At least {PASSWORD_LENGTH_MIN} characters; a few random words are fine.
      {length > 0 && ` ${missing} to go.`}
    </>
  );
};
