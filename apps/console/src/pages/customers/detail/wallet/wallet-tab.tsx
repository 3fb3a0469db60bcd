import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usePermission } from '../../../../api/session';
import { creditsQuery, walletEntriesQuery } from '../../../../api/wallets';
import { DataTable } from '../../../../ui/data-table';
import { ErrorAlert } from '../../../../ui/error-alert';
import { Pager } from '../../../../ui/pager';
import { Panel } from '../../../../ui/panel';
import classes from '../../../../ui/row-list.module.css';
import { Totals } from '../../../../ui/totals';
import { CreditRow } from './credit-row';
import { entryColumns } from './entry-columns';
import { GrantDialog } from './grant-dialog';

type Props = { customerId: string; currency: string };

/** The prepaid money of a customer: what there is, and what happened to it. */
export const WalletTab = ({ customerId, currency }: Props) => {
  const mayGrant = usePermission('billing:write');
  const [isGranting, setGranting] = useState(false);
  return (
    <Stack gap="lg">
      <Credits customerId={customerId} {...(mayGrant && { onGrant: () => setGranting(true) })} />
      <Entries customerId={customerId} />
      {isGranting && <GrantDialog customerId={customerId} currency={currency} onClose={() => setGranting(false)} />}
    </Stack>
  );
};

const Credits = ({ customerId, onGrant }: { customerId: string; onGrant?: () => void }) => {
  const [cursor, setCursor] = useState<string>();
  const { data, error, refetch } = useQuery(creditsQuery(customerId, cursor));
  return (
    <Panel
      title="Credits"
      aside={
        onGrant && (
          <Button size="xs" onClick={onGrant}>
            Grant a credit
          </Button>
        )
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={80} aria-busy />}
      {data?.data.length === 0 && (
        <Text size="sm" c="dimmed">
          No prepaid money. A credit is taken by the next invoices when they are finalized.
        </Text>
      )}
      {data && data.data.length > 0 && (
        <>
          <ul className={classes.rows} aria-label="Credits">
            {data.data.map((credit) => (
              <CreditRow key={credit.id} credit={credit} />
            ))}
          </ul>
          <Totals
            rows={data.data}
            sums={{ Left: ({ state, remaining }) => (state === 'available' ? remaining : '0') }}
            isPart={data.next_cursor !== null || cursor !== undefined}
          />
        </>
      )}
      <Pager isFirst={!cursor} next={data?.next_cursor ?? null} onGo={setCursor} />
    </Panel>
  );
};

const Entries = ({ customerId }: { customerId: string }) => {
  const [cursor, setCursor] = useState<string>();
  const { data, error, refetch } = useQuery(walletEntriesQuery(customerId, cursor));
  const rows = data?.data;
  return (
    <Panel title="What happened to it">
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {rows?.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing yet.
        </Text>
      )}
      {!error && rows?.length !== 0 && (
        <DataTable
          caption="Movements of the wallet"
          columns={entryColumns}
          rows={rows}
          rowId={({ id }) => id}
          numeric={['amount']}
        />
      )}
      <Pager isFirst={!cursor} next={data?.next_cursor ?? null} onGo={setCursor} />
    </Panel>
  );
};
