import type { AuditRecord } from '@bastionary/contracts/audit';
import { Button, Text, VisuallyHidden } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { columnsFor } from '../../ui/data-table';
import { RouterAnchor } from '../../ui/links';
import { Time } from '../../ui/time';
import { useActorName } from './actor';
import classes from './audit-columns.module.css';

const column = columnsFor<AuditRecord>();

const Actor = ({ actor }: { actor: string }) => <span className={classes.wide}>{useActorName()(actor)}</span>;

const Target = ({ target }: { target: string }) => {
  const [kind, ...rest] = target.split(':');
  if (kind !== 'client') return <span className={classes.wide}>{target}</span>;
  return (
    <RouterAnchor
      to="/clients/$clientId"
      params={{ clientId: rest.join(':') }}
      search={{}}
      size="sm"
      className={classes.wide}
    >
      {target}
    </RouterAnchor>
  );
};

const Seal = ({ sealed }: Pick<AuditRecord, 'sealed'>) =>
  sealed ? (
    <span className={classes.seal}>
      <IconLock size={14} aria-hidden /> {sealed.index}
    </span>
  ) : (
    <Text inherit c="dimmed" component="span">
      in a moment
    </Text>
  );

/** `open` is the number of the record whose detail is shown. */
export const auditColumns = (open: string | null, setOpen: (seq: string | null) => void) =>
  column.columns([
    column.accessor('action', {
      header: 'Action',
      cell: ({ row }) => <strong className={classes.action}>{row.original.action}</strong>,
    }),
    column.accessor('target', { header: 'Target', cell: ({ row }) => <Target target={row.original.target} /> }),
    column.accessor('actor', { header: 'By', cell: ({ row }) => <Actor actor={row.original.actor} /> }),
    column.accessor('at', { header: 'When', cell: ({ row }) => <Time value={row.original.at} /> }),
    column.accessor('sealed', { header: 'Sealed', cell: ({ row }) => <Seal sealed={row.original.sealed} /> }),
    column.display({
      id: 'detail',
      header: 'Details',
      cell: ({ row: { original } }) => (
        <Button
          size="compact-sm"
          variant="subtle"
          ml={-8}
          aria-expanded={open === original.seq}
          onClick={() => setOpen(open === original.seq ? null : original.seq)}
        >
          {open === original.seq ? 'Hide' : 'Show'}
          <VisuallyHidden> the details of record {original.seq}</VisuallyHidden>
        </Button>
      ),
    }),
  ]);
