import type { Plan, PlanVersion } from '@bastionary/contracts/plans';
import { Text } from '@mantine/core';
import { columnsFor, DataTable } from '../../../ui/data-table';
import { RouterAnchor } from '../../../ui/links';
import { StatusBadge } from '../../../ui/status-badge';
import { Time } from '../../../ui/time';
import { predecessorOf } from '../plans/plan-versions';
import { pricesWords } from '../price-words';
import { useTypes } from '../use-types';
import { diffSentence, type TypeOf, versionDiff } from '../version-diff';
import classes from './version-table.module.css';

type Row = PlanVersion & { plan: Plan; isShown: boolean; words: string };

const column = columnsFor<Row>();

// A row is read at a glance; the panel below has all of it.
const NAMED_MAX = 5;

const wordsOf = (plan: Plan, version: PlanVersion, typeOf: TypeOf) => {
  const before = predecessorOf(plan, version);
  if (before === undefined) return 'the first one';
  return diffSentence(versionDiff(before, version, typeOf), NAMED_MAX) || `the same as version ${before.version}`;
};

const columns = column.columns([
  column.accessor('version', {
    header: 'Version',
    cell: ({ row: { original } }) => (
      <RouterAnchor
        to="/catalogue/plans/$planKey"
        params={{ planKey: original.plan.key }}
        search={{ version: String(original.version) }}
        fw={original.isShown ? 650 : 450}
        aria-current={original.isShown ? 'true' : undefined}
        resetScroll={false}
        className={classes.version}
      >
        Version {original.version}
      </RouterAnchor>
    ),
  }),
  column.accessor('status', { header: 'State', cell: ({ row }) => <StatusBadge status={row.original.status} /> }),
  column.accessor('words', { header: 'What changed', cell: ({ row }) => <Text inherit>{row.original.words}</Text> }),
  column.accessor('prices', { header: 'Price', cell: ({ row }) => pricesWords(row.original.prices) }),
  column.accessor('subscriptions', {
    header: 'Subscriptions',
    cell: ({ row }) => row.original.subscriptions.toLocaleString(),
  }),
  column.display({
    id: 'since',
    header: 'Since',
    cell: ({ row: { original } }) => (
      <Time value={original.retired_at ?? original.published_at ?? original.created_at} as="date" />
    ),
  }),
]);

export const VersionTable = ({ plan, shown }: { plan: Plan; shown: number | undefined }) => {
  const typeOf = useTypes();
  const rows = plan.versions.map((version) => ({
    ...version,
    plan,
    isShown: version.version === shown,
    words: wordsOf(plan, version, typeOf),
  }));
  return <DataTable caption="Versions" columns={columns} rows={rows} rowId={({ version }) => String(version)} />;
};
