import type { SecondFactors, TotpEnrolment } from '@bastionary/contracts/proofs';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { beginTotp, confirmTotp, removeTotp } from '../../api/account';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { CopyableId } from '../../ui/copyable-id';
import { Dialog } from '../../ui/dialog';
import { ErrorAlert } from '../../ui/error-alert';
import { Panel } from '../../ui/panel';
import { Time } from '../../ui/time';
import { toast } from '../../ui/toast';
import { CodesOnce } from './codes-once';
import { QrCode } from './qr-code';
import { useAccountChange } from './use-account-change';

export const AuthenticatorApp = ({ factors: { totp } }: { factors: SecondFactors }) => {
  const [isRemoving, setIsRemoving] = useState(false);
  const [enrolment, setEnrolment] = useState<TotpEnrolment | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = useMutation({ mutationFn: beginTotp, onSuccess: setEnrolment });
  const remove = useAccountChange(removeTotp, () => {
    setIsRemoving(false);
    toast('The authenticator app is removed.');
  });
  const finish = (made: string[] | null) => {
    setEnrolment(null);
    setCodes(made);
    toast('The authenticator app is added.');
  };

  return (
    <Panel title="Authenticator app">
      <Stack align="flex-start">
        {totp ? (
          <Text size="sm">
            Added <Time value={totp.since} />. It is asked for when you sign in.
          </Text>
        ) : (
          <Text size="sm">An app on your phone shows a new code every 30 seconds; you type it when you sign in.</Text>
        )}
        {begin.error && <ErrorAlert error={begin.error} />}
        {totp ? (
          <Button variant="default" onClick={() => setIsRemoving(true)}>
            Remove the app
          </Button>
        ) : (
          <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
            Add an authenticator app
          </Button>
        )}
      </Stack>
      <Dialog opened={enrolment !== null} onClose={() => setEnrolment(null)} title="Add an authenticator app">
        {enrolment && <Enrol enrolment={enrolment} onDone={finish} />}
      </Dialog>
      <CodesOnce codes={codes} onClose={() => setCodes(null)} />
      <ConfirmDialog
        opened={isRemoving}
        onClose={() => setIsRemoving(false)}
        title="Remove the authenticator app?"
        confirmLabel="Remove"
        isDangerous
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
      >
        <Text size="sm">Its codes stop working, and your other sessions end.</Text>
      </ConfirmDialog>
    </Panel>
  );
};

const Enrol = ({ enrolment, onDone }: { enrolment: TotpEnrolment; onDone: (codes: string[] | null) => void }) => {
  const [code, setCode] = useState('');
  const confirm = useAccountChange(confirmTotp, (added) => onDone(added.recovery_codes));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(code);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm">Scan this with the app, or type the secret into it.</Text>
        <QrCode value={enrolment.uri} label="QR code for the authenticator app" />
        <CopyableId id={enrolment.secret} what="the secret" />
        {confirm.error && <ErrorAlert error={confirm.error} />}
        <TextInput
          label="Code"
          description="The six digits that the app shows now"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          required
          data-autofocus
        />
        <Group justify="flex-end">
          <Button type="submit" loading={confirm.isPending} disabled={code.trim() === ''}>
            Add the app
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
