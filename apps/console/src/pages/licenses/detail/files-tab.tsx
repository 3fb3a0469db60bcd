import { type License, type LicenseFile } from '@bastionary/contracts/licenses';
import { Button, Checkbox, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../api/http';
import { idempotencyKey } from '../../../api/idempotency-key';
import { checkOut, type FileWish, machinesQuery } from '../../../api/licenses';
import { usePermission } from '../../../api/session';
import { download } from '../../../ui/download';
import { type DurationDraft, toDraft, toSeconds } from '../../../ui/duration';
import { DurationField } from '../../../ui/duration-field';
import { ErrorAlert } from '../../../ui/error-alert';
import { Facts } from '../../../ui/facts';
import { More } from '../../../ui/more';
import { Panel } from '../../../ui/panel';
import { SelectField } from '../../../ui/select-field';
import { Time } from '../../../ui/time';
import classes from '../../license-policies/fields/fields.module.css';
import { useLicenseChange } from '../use-license-change';

const INCLUDED = ['entitlements', 'product', 'policy', 'customer', 'users', 'components'] as const;
type Part = (typeof INCLUDED)[number];
const ALGORITHMS: { value: NonNullable<FileWish['algorithm']>; label: string }[] = [
  { value: 'ed25519', label: 'Ed25519' },
  { value: 'ecdsa-p256', label: 'ECDSA P-256' },
  { value: 'rsa-pss-sha256', label: 'RSA-PSS' },
  { value: 'rsa-sha256', label: 'RSA PKCS #1' },
];

/** Files by which a program knows without a network what the licence gives. */
export const FilesTab = ({ license }: { license: License }) => {
  const mayWrite = usePermission('licenses:write');
  const machines = useQuery(machinesQuery(license.id)).data?.data ?? [];
  const [machine, setMachine] = useState('');
  const [ttl, setTtl] = useState<DurationDraft>(toDraft(30 * 86_400, 'day'));
  const [isEncrypted, setEncrypted] = useState(false);
  const [include, setInclude] = useState<Part[]>(['entitlements', 'policy']);
  const [algorithm, setAlgorithm] = useState<(typeof ALGORITHMS)[number]['value']>('ed25519');
  const seconds = toSeconds(ttl);
  const wrongTtl = seconds !== null && !(seconds >= 3_600) ? 'an hour at least, or empty' : undefined;
  const parts = machine === '' ? include.filter((part) => part !== 'components') : include;
  const wish: FileWish = { encrypt: isEncrypted, ttl: seconds, include: parts, algorithm };
  const make = useLicenseChange(
    license.id,
    // Each file is one of its own: nothing is repeated by it.
    () => checkOut(license.id, machine || null, wish, idempotencyKey()),
    'The file is made.',
    ({ certificate }) => download(`${machine || license.id}.lic`, certificate),
  );
  if (!mayWrite) {
    return (
      <Text size="sm" c="dimmed">
        Making a file needs the permission licenses:write.
      </Text>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrongTtl) make.mutate();
  };
  const refused = make.error instanceof ApiError ? make.error.fieldErrors.ttl : undefined;
  return (
    <Stack gap="lg">
      <Panel title="Make a file">
        <form onSubmit={submit} noValidate>
          <Stack>
            <div className={classes.grid}>
              <SelectField
                label="For"
                options={[
                  { value: '', label: 'the licence' },
                  ...machines.map(({ id, name, fingerprint }) => ({
                    value: id,
                    label: `machine ${name ?? fingerprint}`,
                  })),
                ]}
                value={machine}
                onChange={setMachine}
              />
              <DurationField
                label="Works for"
                description="Never longer than the licence itself; empty: as long as it"
                value={ttl}
                onChange={setTtl}
                error={wrongTtl ?? refused}
              />
            </div>
            <Checkbox
              label="Encrypted"
              description={
                machine === ''
                  ? 'Whoever opens it needs the licence key'
                  : 'Whoever opens it needs the licence key and the fingerprint of the machine'
              }
              checked={isEncrypted}
              onChange={(event) => setEncrypted(event.currentTarget.checked)}
            />
            <More label="What stands in it, and how it is signed">
              <fieldset className={classes.scopes} aria-label="What stands in it">
                {INCLUDED.filter((part) => part !== 'components' || machine !== '').map((part) => (
                  <Checkbox
                    key={part}
                    label={`The ${part}`}
                    checked={include.includes(part)}
                    onChange={() =>
                      setInclude(include.includes(part) ? include.filter((one) => one !== part) : [...include, part])
                    }
                  />
                ))}
              </fieldset>
              <SelectField label="Signed by" options={ALGORITHMS} value={algorithm} onChange={setAlgorithm} />
            </More>
            {make.error && !refused && <ErrorAlert error={make.error} />}
            <div>
              <Button type="submit" leftSection={<IconDownload size={16} aria-hidden />} loading={make.isPending}>
                Make and download
              </Button>
            </div>
          </Stack>
        </form>
      </Panel>
      {make.data && <MadeFile file={make.data} />}
    </Stack>
  );
};

const MadeFile = ({ file }: { file: LicenseFile }) => (
  <Panel title="The file">
    <Facts
      facts={[
        ['Signed by', `${file.algorithm}, key ${file.kid}`],
        ['Made', <Time key="made" value={file.issued_at} as="date-time" />],
        ['Expires', file.expires_at === null ? 'never' : <Time key="end" value={file.expires_at} as="date-time" />],
      ]}
    />
  </Panel>
);
