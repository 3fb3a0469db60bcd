import type { Feature } from '@bastionary/contracts/entitlements';
import type { Plan, PlanVersion } from '@bastionary/contracts/plans';
import { Group, Skeleton, Switch, Text } from '@mantine/core';
import { IconCheck, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { featuresQuery, plansQuery } from '../../../api/catalogue';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor } from '../../../ui/links';
import { TYPES, valueWords } from '../feature-words';
import { pricesWords } from '../price-words';
import classes from './matrix.module.css';

const route = getRouteApi('/signed-in/catalogue');

type Column = { plan: Plan; version: PlanVersion };

const columnsOf = (plans: Plan[], isAll: boolean): Column[] =>
  [...plans]
    .sort((one, other) => Number(one.kind === 'add_on') - Number(other.kind === 'add_on'))
    .flatMap((plan) =>
      plan.versions
        .filter(({ version, status }) => (isAll ? status === 'published' : version === plan.current_version))
        .map((version) => ({ plan, version })),
    );

/** What every published version grants, side by side. */
export const Matrix = () => {
  const { versions } = route.useSearch();
  const navigate = route.useNavigate();
  const features = useQuery(featuresQuery);
  const plans = useQuery(plansQuery);
  const error = features.error ?? plans.error;
  if (error) return <ErrorAlert error={error} onRetry={() => Promise.all([features.refetch(), plans.refetch()])} />;
  if (!features.data || !plans.data) return <Skeleton height={320} radius="lg" />;
  const columns = columnsOf(plans.data, versions === 'all');
  if (columns.length === 0) {
    return (
      <EmptyState icon={IconTable} title="Nothing to compare yet">
        As soon as a plan has a published version, it stands here with all that it grants.
      </EmptyState>
    );
  }
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Text size="sm" c="dimmed">
          What is not granted is what the feature is by default, shown in grey.
        </Text>
        <Switch
          label="Older published versions too"
          checked={versions === 'all'}
          onChange={(event) =>
            navigate({
              search: { tab: 'comparison', ...(event.currentTarget.checked && { versions: 'all' as const }) },
              replace: true,
            })
          }
        />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label="Comparison">
        <table className={classes.table} aria-label="Plans and features">
          <thead>
            <tr>
              <th scope="col" className={classes.corner}>
                Feature
              </th>
              {columns.map(({ plan, version }) => (
                <th key={`${plan.key}@${version.version}`} scope="col" className={classes.head}>
                  <RouterAnchor
                    to="/catalogue/plans/$planKey"
                    params={{ planKey: plan.key }}
                    search={{ version: String(version.version) }}
                    size="sm"
                    fw={600}
                  >
                    {plan.name}
                  </RouterAnchor>
                  <span className={classes.version}>
                    {plan.kind === 'add_on' && 'add-on, '}version {version.version}
                  </span>
                  <span className={classes.price}>{pricesWords(version.prices)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {features.data.map((feature) => (
              <tr key={feature.key}>
                <th scope="row" className={classes.feature}>
                  {feature.name}
                  <span className={classes.type}>{TYPES[feature.type].label.toLowerCase()}</span>
                </th>
                {columns.map(({ plan, version }) => (
                  <Cell key={`${plan.key}@${version.version}`} feature={feature} column={{ plan, version }} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
};

/** An add-on that does not grant a feature leaves it as it is; a plan that does not leaves its default. */
const Cell = ({ feature, column: { plan, version } }: { feature: Feature; column: Column }) => {
  const granted = version.features[feature.key];
  if (granted === undefined) {
    return (
      <td className={classes.cell} data-default>
        {plan.kind === 'add_on' ? '–' : valueWords(feature.type, feature.default)}
      </td>
    );
  }
  return (
    <td className={classes.cell}>
      {plan.kind === 'add_on' && feature.combine === 'sum' && typeof granted === 'number' && '+'}
      {granted === true && <IconCheck size={15} aria-hidden className={classes.check} />}
      {valueWords(feature.type, granted)}
    </td>
  );
};
