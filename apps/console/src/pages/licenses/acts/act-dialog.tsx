import type { License } from '@bastionary/contracts/licenses';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { idempotencyKey } from '../../../api/idempotency-key';
import { actOnLicense, type LicenseAct } from '../../../api/licenses';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Consequences } from '../../../ui/consequences';
import { nameOf } from '../license-words';
import { useLicenseChange } from '../use-license-change';
import { IssuedKey } from './issue-license';

type Words = { title: string; confirm: string; done: string; consequences: string[]; isDangerous?: boolean };

const WORDS: Record<LicenseAct, Words> = {
  suspend: {
    title: 'Suspend this licence?',
    confirm: 'Suspend',
    done: 'The licence is suspended.',
    consequences: [
      'From now on a validation says SUSPENDED, and no further machine gets a seat.',
      'The machines keep their seats. A file that was handed out works until it expires.',
    ],
  },
  reinstate: {
    title: 'Reinstate this licence?',
    confirm: 'Reinstate',
    done: 'Your suspension is taken back.',
    consequences: [
      'What an operator suspended works again; every machine has a whole period for its next heartbeat.',
      'What its subscription suspended comes back with the payment, not by this.',
    ],
  },
  renew: {
    title: 'Renew this licence?',
    confirm: 'Renew',
    done: 'The licence is renewed.',
    consequences: ['It lasts longer by the duration of its policy, counted as the policy says.'],
  },
  reissue: {
    title: 'Give this licence another key?',
    confirm: 'Reissue the key',
    done: 'The licence has another key.',
    isDangerous: true,
    consequences: [
      'For a key that leaked: the old one is unknown from now on, and stands on the revocation list.',
      'The licence stays as it is: its machines, its expiry and its users.',
      'Whoever uses the old key has to be given the new one.',
    ],
  },
  revoke: {
    title: 'Revoke this licence?',
    confirm: 'Revoke for ever',
    done: 'The licence is revoked.',
    isDangerous: true,
    consequences: [
      'It ends for ever: its key is unknown from now on, and stands on the revocation list.',
      'Its machines lose their seats and its tokens end. This cannot be undone.',
    ],
  },
};

type Props = { act: LicenseAct; license: License; onClose: () => void };

/** What is done to a licence as a whole, with a reason for the audit log. A new key is shown at the end. */
export const ActDialog = ({ act, license, onClose }: Props) => {
  const { title, confirm, done, consequences, isDangerous } = WORDS[act];
  const [reason, setReason] = useState('');
  const [key, setKey] = useState(idempotencyKey);
  const change = useLicenseChange(
    license.id,
    () => actOnLicense(license.id, act, reason.trim(), key),
    done,
    act === 'reissue' ? () => {} : onClose,
  );
  if (act === 'reissue' && change.data) {
    return <IssuedKey license={change.data.license} title="The new key" onClose={onClose} />;
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      confirmLabel={confirm}
      isDangerous={isDangerous ?? false}
      {...(act === 'revoke' && { typeToConfirm: nameOf(license) })}
      isPending={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate()}
    >
      <Consequences of={consequences} />
      <TextInput
        label="Reason"
        description="For the audit log; may be left empty."
        autoComplete="off"
        maxLength={500}
        value={reason}
        onChange={(event) => {
          setReason(event.currentTarget.value);
          setKey(idempotencyKey());
        }}
      />
    </ConfirmDialog>
  );
};
