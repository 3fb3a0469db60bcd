import type { CreditNote, Invoice } from '@bastionary/contracts/invoices';
import { Anchor, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { creditNotePdf, creditNotesQuery } from '../../../api/payments';
import { Amount } from '../../../ui/amount';
import { ErrorAlert } from '../../../ui/error-alert';
import { Panel } from '../../../ui/panel';
import { Time } from '../../../ui/time';
import { creditWays } from '../../credit-notes/credit-ways';
import classes from './lines.module.css';

export const CreditNotesPanel = ({ invoice: { id } }: { invoice: Invoice }) => {
  const { data, error, refetch } = useQuery(creditNotesQuery({ invoice_id: id, limit: 100 }));
  return (
    <Panel title="Credit notes">
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={40} />}
      {data?.data.length === 0 && (
        <Text size="sm" c="dimmed">
          None of it was taken back.
        </Text>
      )}
      {data && data.data.length > 0 && (
        <ul className={classes.lines}>
          {data.data.map((note) => (
            <Note key={note.id} note={note} />
          ))}
        </ul>
      )}
    </Panel>
  );
};

const Note = ({ note }: { note: CreditNote }) => (
  <li className={classes.line}>
    <div className={classes.row}>
      <div>
        <Anchor href={creditNotePdf(note.id)} download size="sm" fw={600} aria-label={`${note.number}, PDF`}>
          {note.number}
        </Anchor>
        <Text size="xs" c="dimmed" component="div">
          {note.reason} · <Time value={note.created_at} as="date" />
        </Text>
      </div>
      <div className={classes.amounts}>
        <Text size="sm" fw={600} component="div">
          <Amount minor={note.total} currency={note.currency} />
        </Text>
        {creditWays(note).map((way) => (
          <Text key={way} size="xs" c="dimmed">
            {way}
          </Text>
        ))}
      </div>
    </div>
  </li>
);
