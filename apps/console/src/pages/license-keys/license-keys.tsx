import type { LicenseJwk, LicenseKeySet } from '@bastionary/contracts/license-keys';
import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconDownload, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchRevocationList, KEY_SET, licenseKeySetQuery, REVOCATION_LIST } from '../../api/license-keys';
import { usePermission } from '../../api/session';
import { CopyableId } from '../../ui/copyable-id';
import { columnsFor, DataTable } from '../../ui/data-table';
import { download } from '../../ui/download';
import { ErrorAlert } from '../../ui/error-alert';
import { Facts } from '../../ui/facts';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { StatusBadge } from '../../ui/status-badge';
import { Time } from '../../ui/time';
import { ALGORITHM_WORDS, algorithmOf } from './algorithm-words';
import { RotateLicenseKey } from './rotate-license-key';

const column = columnsFor<LicenseJwk>();
const columns = column.columns([
  column.accessor('kid', { header: 'Key id', cell: ({ row }) => <CopyableId id={row.original.kid} what="key id" /> }),
  column.accessor('alg', {
    header: 'Algorithm',
    cell: ({ row: { original } }) => {
      const algorithm = algorithmOf(original);
      return algorithm ? ALGORITHM_WORDS[algorithm] : original.alg;
    },
  }),
  column.accessor('state', { header: 'State', cell: ({ row }) => <StatusBadge status={row.original.state} /> }),
  column.accessor('created_at', {
    header: 'Signs since',
    cell: ({ row }) => <Time value={row.original.created_at} as="date-time" />,
  }),
  column.accessor('compromised_from', {
    header: 'What it signed',
    cell: ({ row: { original } }) =>
      original.compromised_from === null ? (
        'counts'
      ) : (
        <span>
          counts until <Time value={original.compromised_from} as="date-time" />
        </span>
      ),
  }),
]);

const ORDER: LicenseJwk['state'][] = ['active', 'retired', 'compromised'];

/** The keys that sign licences, and what programs fetch of them. */
export const LicenseKeysPage = () => {
  const maySee = usePermission('licenses:read');
  const mayRotate = usePermission('license_keys:write');
  const { data, error, refetch } = useQuery({ ...licenseKeySetQuery, enabled: maySee });
  const [isAsking, setAsking] = useState(false);
  if (!maySee) return <MissingPermission permission="licenses:read" />;
  const keys = data?.keys.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <>
      <PageHeader
        title="Licence keys"
        description="One key of each algorithm signs licence keys, files and answers. The public halves are published as a set, which the root key signs."
        actions={
          mayRotate && (
            <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setAsking(true)}>
              Rotate a key
            </Button>
          )
        }
      />
      <Stack gap="lg">
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {!error && (
          <DataTable caption="Keys that sign licences" columns={columns} rows={keys} rowId={({ kid }) => kid} />
        )}
        {data ? <Published set={data} /> : <Skeleton height={200} radius="lg" />}
      </Stack>
      {isAsking && data && <RotateLicenseKey keys={data.keys} onClose={() => setAsking(false)} />}
    </>
  );
};

const Published = ({ set }: { set: LicenseKeySet }) => {
  const revocations = useMutation({
    mutationFn: fetchRevocationList,
    onSuccess: (list) => download('license-revocations.jws', list, 'application/jose'),
  });
  return (
    <Panel title="Published for your programs">
      <Stack gap="md">
        <Facts
          facts={[
            ['Version', `${set.version}, a further one with every change`],
            ['Signed', <Time key="signed" value={set.issued_at} as="date-time" />],
            ['Account', <CopyableId key="account" id={set.account} what="account id" />],
            ['Root key', <CopyableId key="root" id={set.root.kid} what="id of the root key" />],
            ['Key set', <code key="set">{KEY_SET}</code>],
            ['Revocation list', <code key="list">{REVOCATION_LIST}</code>],
          ]}
        />
        <Text size="sm" c="dimmed">
          Build the root key into your programs: they accept a key set only if it is signed by it, and a list only if it
          is not older than the one they know.
        </Text>
        <div>
          <Button
            mr="xs"
            mb="xs"
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => download('license-keys.json', JSON.stringify(set, null, 2), 'application/json')}
          >
            Key set
          </Button>
          <Button
            mb="xs"
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={revocations.isPending}
            onClick={() => revocations.mutate()}
          >
            Revocation list
          </Button>
        </div>
        {revocations.error && <ErrorAlert error={revocations.error} />}
      </Stack>
    </Panel>
  );
};
