import type { BulkImportResult, BulkRowResult } from '@bastionary/contracts/bulk';
import { Badge, Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { CopyableId } from '../../../ui/copyable-id';
import { columnsFor, DataTable } from '../../../ui/data-table';
import { download } from '../../../ui/download';
import { RouterAnchor } from '../../../ui/links';
import { Panel } from '../../../ui/panel';
import classes from './import-clients.module.css';

const column = columnsFor<BulkRowResult>();

const COLORS: Record<string, string> = { created: 'green', updated: 'bastion', unchanged: 'gray', failed: 'red' };

/** What is planned is said as such: nothing was created by looking. */
const PLANNED: Record<string, string> = { created: 'to create', updated: 'to change', failed: 'refused' };
const DONE: Record<string, string> = { updated: 'changed', failed: 'refused' };

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const Notes = ({ row: { errors, changes, client_secret } }: { row: BulkRowResult }) => {
  if (client_secret) return <CopyableId id={client_secret} what="the secret" />;
  if (changes && Object.keys(changes).length > 0) {
    return (
      <ul className={classes.faults}>
        {Object.entries(changes).map(([name, { from, to }]) => (
          <li key={name}>
            <code>{name}</code> {shown(from)} → {shown(to)}
          </li>
        ))}
      </ul>
    );
  }
  if (!errors?.length) return <>–</>;
  return (
    <ul className={classes.faults}>
      {errors.map(({ path, message }) => (
        <li key={`${path} ${message}`}>
          <code>{path.replace(/^\//, '')}</code> {message}
        </li>
      ))}
    </ul>
  );
};

const columnsOf = (isApplied: boolean) =>
  column.columns([
    column.accessor('client_id', {
      header: 'Client',
      cell: ({ row: { original } }) => {
        if (!original.client_id) return <Text inherit c="dimmed">{`row ${original.row}`}</Text>;
        if (!isApplied || original.outcome === 'failed') return <code>{original.client_id}</code>;
        return (
          <RouterAnchor to="/clients/$clientId" params={{ clientId: original.client_id }} search={{}}>
            {original.client_id}
          </RouterAnchor>
        );
      },
    }),
    column.accessor('row', { header: 'Row' }),
    column.accessor('outcome', {
      header: 'Outcome',
      cell: ({ row: { original } }) => (
        <Badge color={COLORS[original.outcome] ?? 'gray'}>
          {(isApplied ? DONE : PLANNED)[original.outcome] ?? original.outcome}
        </Badge>
      ),
    }),
    column.display({ id: 'notes', header: 'Notes', cell: ({ row }) => <Notes row={row.original} /> }),
  ]);

const CHECKED = columnsOf(false);
const APPLIED = columnsOf(true);

/** One row as a line of CSV, in which no program sees a formula. */
const secretsFile = ({ results }: BulkImportResult) =>
  [
    'client_id,client_secret',
    ...results.flatMap(({ client_id, client_secret }) => (client_secret ? [`${client_id},${client_secret}`] : [])),
  ].join('\n');

export const ImportOutcome = ({ result }: { result: BulkImportResult }) => {
  const counts: [name: string, count: number][] = [
    [result.applied ? 'Created' : 'To create', result.created],
    [result.applied ? 'Changed' : 'To change', result.updated],
    ['Unchanged', result.unchanged],
    ['Refused', result.failed],
  ];
  const hasSecrets = result.results.some(({ client_secret }) => client_secret);
  return (
    <Panel title={result.applied ? 'What has happened' : 'What would happen'}>
      <dl className={classes.counts} aria-live="polite">
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      {hasSecrets && (
        <Button
          variant="default"
          mb="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => download('client-secrets.csv', secretsFile(result), 'text/csv')}
        >
          Download the secrets
        </Button>
      )}
      <DataTable
        caption="Outcome of the import"
        columns={result.applied ? APPLIED : CHECKED}
        rows={result.results}
        rowId={({ row }) => String(row)}
      />
    </Panel>
  );
};
