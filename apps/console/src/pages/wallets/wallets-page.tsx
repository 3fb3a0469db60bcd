import { NativeSelect, Skeleton, Stack } from '@mantine/core';
import { IconWallet } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { financeOverviewQuery, walletsSummaryQuery } from '../../api/finance';
import { usePermission } from '../../api/session';
import { Amount } from '../../ui/amount';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { Facts } from '../../ui/facts';
import { RouterAnchor, RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { SpanBar } from '../finance/span-bar';
import { spanOf } from '../finance/spans';
import { WalletBurn } from './wallet-burn';

const route = getRouteApi('/signed-in/wallets');
const WINDOWS = ['day', 'week', 'month'];

/** Prepaid money: what is owed to customers, and how it is used up. */
export const WalletsPage = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('revenue:read');
  const { cursor: _, ...chosen } = search;
  const span = chosen.from ? chosen : { ...chosen, ...spanOf('last_12_months', new Date()) };
  const { data, error, refetch } = useQuery({ ...walletsSummaryQuery(span), enabled: maySee });
  const currencies = useQuery({ ...financeOverviewQuery({}), enabled: maySee }).data?.currencies ?? [];
  const isEmpty =
    data?.customers === 0 && data.data.every((row) => row.start === '0' && row.end === '0' && row.granted === '0');
  if (!maySee) return <MissingPermission permission="revenue:read" />;
  return (
    <>
      <PageHeader
        title="Wallets"
        description={data?.definition ?? 'Prepaid money of customers: invoices take from it when they are finalized.'}
      />
      <SpanBar
        value={span}
        onChange={(next) => navigate({ search: { ...next, window: search.window } })}
        currency={data?.currency ?? search.currency}
        currencies={currencies}
      >
        <NativeSelect
          label="By"
          data={WINDOWS}
          value={search.window ?? 'month'}
          onChange={(event) => navigate({ search: { ...chosen, window: event.currentTarget.value } })}
        />
      </SpanBar>
      <Stack gap="lg">
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {!data && !error && <Skeleton height={220} radius="lg" aria-busy />}
        {isEmpty && (
          <EmptyState
            icon={IconWallet}
            title="No prepaid money"
            action={<RouterButton to="/customers">See the customers</RouterButton>}
          >
            Credits are granted on the page of a customer; credit notes on paid invoices fill wallets too.
          </EmptyState>
        )}
        {data && !isEmpty && (
          <Panel
            title="Owed to customers"
            aside={
              <RouterAnchor
                to="/finance/rows/$list"
                params={{ list: 'wallets' }}
                search={{ currency: data.currency }}
                size="sm"
              >
                Who has how much
              </RouterAnchor>
            }
          >
            <Facts
              facts={[
                ['At the end of the period', <Amount key="balance" minor={data.balance} currency={data.currency} />],
                [
                  'Expires within 30 days after',
                  <Amount key="expiring" minor={data.expiring} currency={data.currency} />,
                ],
                ['Customers with money', data.customers.toLocaleString()],
              ]}
            />
          </Panel>
        )}
        {data && !isEmpty && data.data.length > 0 && <WalletBurn summary={data} />}
      </Stack>
    </>
  );
};
