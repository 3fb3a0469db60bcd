import type { License, LicenseEntitlement } from '@bastionary/contracts/licenses';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../api/http';
import { updateLicense, type VersionedLicense } from '../../../api/licenses';
import { usePermission } from '../../../api/session';
import { columnsFor, DataTable } from '../../../ui/data-table';
import { ObjectLink } from '../../../ui/object-link';
import { Panel } from '../../../ui/panel';
import { Time } from '../../../ui/time';
import { UpdateError } from '../../audit/update-error';
import { conflictOf, useLicenseChange } from '../use-license-change';

type Row = License['entitlements'][number] & { customer: string | null; onRemove: (() => void) | null };

const column = columnsFor<Row>();
const columns = column.columns([
  column.accessor('code', { header: 'Entitlement', cell: ({ row }) => <code>{row.original.code}</code> }),
  column.accessor('value', {
    header: 'Value',
    cell: ({ row: { original } }) =>
      original.value === true ? (
        'yes'
      ) : typeof original.value === 'object' ? (
        <code>{JSON.stringify(original.value)}</code>
      ) : (
        String(original.value)
      ),
  }),
  column.accessor('from', {
    header: 'Comes from',
    cell: ({ row: { original } }) =>
      original.from === 'license' ? (
        <Group gap="xs">
          this licence alone
          {original.onRemove && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Take away ${original.code}`}
              onClick={original.onRemove}
            >
              Take away
            </Button>
          )}
        </Group>
      ) : original.customer === null ? (
        'its customer'
      ) : (
        <ObjectLink id={original.customer}>its customer</ObjectLink>
      ),
  }),
  column.accessor('expires_at', {
    header: 'Until',
    cell: ({ row: { original } }) =>
      original.expires_at === null ? 'as long as it lasts' : <Time value={original.expires_at} as="date-time" />,
  }),
]);

const ownOf = ({ entitlements }: License): LicenseEntitlement[] =>
  entitlements
    .filter(({ from }) => from === 'license')
    .map(({ code, value, expires_at }) => ({ code, value, expires_at }));

/** What a program may do with it, and where each of it comes from. */
export const EntitlementsTab = ({ license, etag }: VersionedLicense) => {
  const { id, customer_id, entitlements } = license;
  const mayWrite = usePermission('licenses:write') && license.status !== 'REVOKED';
  const [code, setCode] = useState('');
  const change = useLicenseChange(
    id,
    (own: LicenseEntitlement[]) => updateLicense(id, etag, { entitlements: own }),
    'The entitlements are changed.',
    () => setCode(''),
  );
  const own = ownOf(license);
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim()) change.mutate([...own, { code: code.trim(), value: true, expires_at: null }]);
  };
  const refused = change.error instanceof ApiError ? change.error.fieldErrors.entitlements : undefined;
  const rows = entitlements.map(
    (one): Row => ({
      ...one,
      customer: customer_id,
      onRemove:
        mayWrite && one.from === 'license' ? () => change.mutate(own.filter((other) => other.code !== one.code)) : null,
    }),
  );
  return (
    <Panel title="Entitlements">
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          It entitles to nothing in particular. Features that its customer has stand here too.
        </Text>
      ) : (
        <DataTable
          caption="Entitlements"
          columns={columns}
          rows={rows}
          rowId={({ code: key, from }) => `${from} ${key}`}
        />
      )}
      {mayWrite && (
        <form onSubmit={add}>
          <Group align="flex-end" gap="xs" mt="md">
            <TextInput
              label="One more, of this licence alone"
              placeholder="export_pdf"
              autoComplete="off"
              spellCheck={false}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              error={refused}
            />
            <Button
              type="submit"
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={!code.trim()}
              loading={change.isPending}
            >
              Add
            </Button>
          </Group>
        </form>
      )}
      {change.error && !refused && (
        <UpdateError error={change.error} {...conflictOf(id)} onReload={() => change.reset()} />
      )}
    </Panel>
  );
};
