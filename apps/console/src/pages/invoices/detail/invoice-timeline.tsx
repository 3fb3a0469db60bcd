import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { invoiceEventsQuery } from '../../../api/invoices';
import { ErrorAlert } from '../../../ui/error-alert';
import { Panel } from '../../../ui/panel';
import { Time } from '../../../ui/time';
import { useActorName } from '../../audit/actor';
import classes from './invoice-timeline.module.css';

/** What happened to it, in order. */
export const InvoiceTimeline = ({ invoiceId }: { invoiceId: string }) => {
  const actorName = useActorName();
  const { data, error, refetch } = useQuery(invoiceEventsQuery(invoiceId));
  return (
    <Panel title="Timeline">
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={80} />}
      <ol className={classes.timeline}>
        {data?.map(({ at, what, actor }) => (
          <li key={`${at} ${what}`} className={classes.entry}>
            <Text size="sm" fw={600}>
              {eventWords(what)}
            </Text>
            <Text size="xs" c="dimmed" component="div">
              <Time value={at} as="date-time" />
              {actor && `, by ${actorName(actor)}`}
            </Text>
          </li>
        ))}
      </ol>
    </Panel>
  );
};

/** `invoice.finalized` → `Finalized`; what belongs to something else keeps its name: `credit note issued`. */
const eventWords = (what: string) => {
  const words = what.replace(/^invoice\./, '').replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
