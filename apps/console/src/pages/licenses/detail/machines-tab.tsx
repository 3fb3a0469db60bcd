import type { License, Machine } from '@bastionary/contracts/licenses';
import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { machinesQuery, reclaimSeat } from '../../../api/licenses';
import { usePermission } from '../../../api/session';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Consequences } from '../../../ui/consequences';
import { columnsFor, DataTable } from '../../../ui/data-table';
import { ErrorAlert } from '../../../ui/error-alert';
import { Pager } from '../../../ui/pager';
import { Panel } from '../../../ui/panel';
import { StatusBadge } from '../../../ui/status-badge';
import { Time } from '../../../ui/time';
import { UseBar } from '../use-bar';
import { useLicenseChange } from '../use-license-change';
import classes from './machines-tab.module.css';

const column = columnsFor<Machine>();

const nameOf = ({ name, hostname, fingerprint }: Machine) => name ?? hostname ?? fingerprint;

const whatItHas = ({ cores, processes, components, platform }: Machine) =>
  [
    platform,
    cores === null ? '' : `${cores} ${cores === 1 ? 'core' : 'cores'}`,
    processes === 0 ? '' : `${processes} ${processes === 1 ? 'process' : 'processes'}`,
    components.length === 0 ? '' : `${components.length} ${components.length === 1 ? 'component' : 'components'}`,
  ]
    .filter(Boolean)
    .join(' · ');

const columnsWith = (emails: Map<string, string>, onReclaim: ((machine: Machine) => void) | null) =>
  column.columns([
    column.accessor('fingerprint', {
      header: 'Machine',
      cell: ({ row: { original } }) => (
        <div>
          <Text inherit fw={600}>
            {nameOf(original)}
          </Text>
          {nameOf(original) !== original.fingerprint && (
            <Text size="xs" c="dimmed">
              <code>{original.fingerprint}</code>
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {whatItHas(original)}
          </Text>
        </div>
      ),
    }),
    column.accessor('heartbeat_status', {
      header: 'Heartbeat',
      cell: ({ row: { original } }) => (
        <div>
          <StatusBadge status={original.heartbeat_status.toLowerCase()} />
          {original.last_heartbeat_at && (
            <Text size="xs" c="dimmed" mt={2}>
              last <Time value={original.last_heartbeat_at} />
            </Text>
          )}
        </div>
      ),
    }),
    column.accessor('dies_at', {
      header: 'Keeps its seat',
      cell: ({ row: { original } }) =>
        original.dies_at === null ? (
          'until it is given back'
        ) : original.heartbeat_status === 'DEAD' ? (
          <span>
            died <Time value={original.dies_at} />
          </span>
        ) : (
          <span>
            dies <Time value={original.dies_at} />
          </span>
        ),
    }),
    column.accessor('user', {
      header: 'User',
      cell: ({ row: { original } }) => (original.user === null ? '–' : (emails.get(original.user) ?? original.user)),
    }),
    column.accessor('created_at', {
      header: 'Activated',
      cell: ({ row }) => <Time value={row.original.created_at} as="date" />,
    }),
    ...(onReclaim
      ? [
          column.accessor('id', {
            header: 'Seat',
            cell: ({ row: { original } }) => (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Reclaim the seat of ${nameOf(original)}`}
                onClick={() => onReclaim(original)}
              >
                Reclaim
              </Button>
            ),
          }),
        ]
      : []),
  ]);

type Props = { license: License; cursor: string | undefined; onGo: (cursor: string | undefined) => void };

/** Who holds the seats, whether they live, and until when. */
export const MachinesTab = ({ license, cursor, onGo }: Props) => {
  const { data, error, refetch } = useQuery(machinesQuery(license.id, cursor));
  const mayWrite = usePermission('licenses:write');
  const [asked, setAsked] = useState<Machine | null>(null);
  const { users } = license;
  const columns = useMemo(
    () => columnsWith(new Map(users.map(({ id, email }) => [id, email])), mayWrite ? setAsked : null),
    [users, mayWrite],
  );
  return (
    <Panel
      title="Who holds the seats"
      aside={
        <div className={classes.seats}>
          <UseBar used={license.machines} limit={license.max_machines} what="seats taken" />
        </div>
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {data?.data.length === 0 ? (
        <Text size="sm" c="dimmed">
          No machine has a seat. A program takes one when it activates itself, with the key or a token.
        </Text>
      ) : (
        <DataTable caption="Machines" columns={columns} rows={data?.data} rowId={({ id }) => id} />
      )}
      <Pager isFirst={!cursor} next={data?.next_cursor ?? null} onGo={onGo} />
      {asked && <ReclaimDialog license={license} machine={asked} onClose={() => setAsked(null)} />}
    </Panel>
  );
};

type ReclaimProps = { license: License; machine: Machine; onClose: () => void };

const ReclaimDialog = ({ license, machine, onClose }: ReclaimProps) => {
  const reclaim = useLicenseChange(license.id, () => reclaimSeat(license.id, machine.id), 'The seat is free.', onClose);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Reclaim the seat of ${nameOf(machine)}?`}
      confirmLabel="Reclaim the seat"
      isPending={reclaim.isPending}
      error={reclaim.error}
      onConfirm={() => reclaim.mutate()}
    >
      <Stack gap="xs">
        <Consequences
          of={[
            'The seat is free at once, for whichever machine asks next; this one can ask again too.',
            'Its processes end. The next validation from it says that it is not activated.',
            'A file that was handed out for it works until the file expires.',
          ]}
        />
      </Stack>
    </ConfirmDialog>
  );
};
