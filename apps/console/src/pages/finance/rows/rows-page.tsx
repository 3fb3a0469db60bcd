import { Text } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { financeCsv, financeRowsQuery } from '../../../api/finance';
import { usePermission } from '../../../api/session';
import { NotFound } from '../../../shell/page-states';
import { Amount } from '../../../ui/amount';
import { CsvButton } from '../../../ui/csv-button';
import { DataTable } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { Pager } from '../../../ui/pager';
import { isListName, LISTS, type ListName } from './lists';
import { NarrowedBy } from './narrowed-by';
import { type FinanceRow, ROW_TABLES } from './row-columns';
import classes from './rows-page.module.css';

const route = getRouteApi('/signed-in/finance/rows/$list');

/** The rows behind a number of finance; their sum is that number, and the CSV holds the same rows. */
export const RowsPage = () => {
  const { list } = route.useParams();
  const maySee = usePermission('revenue:read');
  if (!isListName(list)) return <NotFound />;
  if (!maySee) return <MissingPermission permission="revenue:read" />;
  return <Rows key={list} list={list} />;
};

const Rows = ({ list }: { list: ListName }) => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { title, path, schema } = LISTS[list];
  const { cursor, ...filter } = search;
  const { data, error, refetch, isPlaceholderData } = useQuery(financeRowsQuery(schema, path, search));
  const { columns, numeric } = ROW_TABLES[list];
  const rows = data?.data.map((row, index): FinanceRow => ({ ...row, currency: data.currency, index }));
  const isEmpty = rows?.length === 0 && !isPlaceholderData;
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/finance" search={{}} size="sm">
            ← Finance
          </RouterAnchor>
        }
        title={title}
        description={data?.definition}
        actions={<CsvButton href={financeCsv(path, filter)} />}
      />
      <NarrowedBy filter={filter} onChange={(next) => navigate({ search: next })} />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {data && (
        <div className={classes.total}>
          <span className={classes.sum}>
            <Amount minor={data.total.amount} currency={data.currency} />
          </span>
          <Text size="sm" c="dimmed">
            {data.total.rows === 1 ? 'one row' : `${data.total.rows.toLocaleString()} rows`} in all
          </Text>
        </div>
      )}
      {!error && !isEmpty && (
        <DataTable
          caption={title}
          columns={columns}
          rows={rows}
          rowId={(row) => `${cursor ?? ''}${row.index}`}
          numeric={numeric}
        />
      )}
      {isEmpty && (
        <EmptyState icon={IconListSearch} title="No rows">
          Nothing makes up this number in the currency and the time that were asked for.
        </EmptyState>
      )}
      <Pager
        isFirst={!cursor}
        next={data?.next_cursor ?? null}
        onGo={(next) => navigate({ search: { ...search, cursor: next } })}
      />
    </>
  );
};
