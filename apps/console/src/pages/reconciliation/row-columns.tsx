import type { ReconciliationRow } from '@bastionary/contracts/stripe';
import { Button, Text } from '@mantine/core';
import { Amount } from '../../ui/amount';
import { columnsFor } from '../../ui/data-table';
import { ObjectLink } from '../../ui/object-link';
import { StatusBadge } from '../../ui/status-badge';
import { Time } from '../../ui/time';
import { CustomerLink } from '../customers/customer-link';

const column = columnsFor<ReconciliationRow>();

const REPAIRS = { read_again: 'Take over', ask_again: 'Ask again', look: null } as const;

const Money = ({ minor, currency }: { minor: string | null; currency: string | null }) =>
  minor === null || currency === null ? '–' : <Amount minor={minor} currency={currency} />;

/** `onRepair` stands as a button where a repair is known. */
export const rowColumns = (onRepair: ((row: ReconciliationRow) => void) | null) =>
  column.columns([
    column.display({
      id: 'what',
      header: 'What',
      cell: ({ row: { original } }) => (
        <>
          <Text inherit fw={600} component="div">
            {original.kind}
          </Text>
          <Text size="xs" c="dimmed" component="div">
            {original.stripe_id ?? original.our_id}
          </Text>
        </>
      ),
    }),
    column.display({ id: 'state', header: 'State', cell: ({ row }) => <StatusBadge status={row.original.state} /> }),
    column.display({
      id: 'whose',
      header: 'Whose',
      cell: ({ row: { original } }) => (
        <>
          {original.customer_id ? <CustomerLink id={original.customer_id} /> : '–'}
          {original.invoice_id && (
            <div>
              <ObjectLink id={original.invoice_id}>the invoice</ObjectLink>
            </div>
          )}
        </>
      ),
    }),
    column.display({ id: 'detail', header: 'Why', cell: ({ row }) => row.original.detail }),
    column.display({
      id: 'here',
      header: 'Here',
      cell: ({ row: { original } }) => <Money minor={original.here} currency={original.currency} />,
    }),
    column.display({
      id: 'there',
      header: 'At Stripe',
      cell: ({ row: { original } }) => <Money minor={original.there} currency={original.currency} />,
    }),
    column.display({
      id: 'repair',
      header: 'Repair',
      cell: ({ row: { original } }) => {
        if (original.repaired_at !== null) {
          return (
            <>
              repaired <Time value={original.repaired_at} />
            </>
          );
        }
        const label = original.repair === null ? null : REPAIRS[original.repair];
        if (original.repair === 'look') return 'Somebody has to look';
        return (
          label &&
          onRepair && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`${label}: ${original.stripe_id ?? original.our_id}`}
              onClick={() => onRepair(original)}
            >
              {label}
            </Button>
          )
        );
      },
    }),
  ]);
