import type { CustomerOverview } from '@bastionary/contracts/customer-overview';
import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import { isHad } from '@bastionary/entitlements/rules/feature-value';
import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { featuresQuery } from '../../../../api/catalogue';
import { customerOverviewQuery } from '../../../../api/customers';
import { usePermission } from '../../../../api/session';
import { ErrorAlert } from '../../../../ui/error-alert';
import { Facts } from '../../../../ui/facts';
import { RouterAnchor } from '../../../../ui/links';
import { Panel } from '../../../../ui/panel';
import { ScopeNames } from '../../../../ui/scope-names';
import { Time } from '../../../../ui/time';
import { countryName, currencyName, timeZoneName } from '../../places';
import { typeIn } from '../entitlements/feature-changes';
import { valueWords } from '../entitlements/feature-value';
import { HoldsUntil } from '../entitlements/snapshot-facts';
import { ClientsPanel } from './clients-panel';
import classes from './overview-tab.module.css';
import { SubscriptionsPanel } from './subscriptions-panel';

/** Everything about one customer on one page. */
export const OverviewTab = ({ customerId }: { customerId: string }) => {
  const { data, error, refetch } = useQuery(customerOverviewQuery(customerId));
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={320} radius="lg" />;
  return (
    <div className={classes.grid}>
      <Stack gap="lg">
        <SubscriptionsPanel customerId={customerId} subscriptions={data.subscriptions} />
        <EntitlementsAtAGlance customerId={customerId} entitlements={data.entitlements} />
      </Stack>
      <Stack gap="lg">
        <ClientsPanel customerId={customerId} clients={data.clients} />
        <CustomerFacts customer={data.customer} />
      </Stack>
    </div>
  );
};

const SHOWN = 8;

const EntitlementsAtAGlance = ({
  customerId,
  entitlements: { plans, valid_until, epoch, features },
}: {
  customerId: string;
  entitlements: CustomerOverview['entitlements'];
}) => {
  const maySee = usePermission('entitlements:read');
  const maySeeCatalogue = usePermission('catalogue:read');
  const catalogue = useQuery({ ...featuresQuery, enabled: maySeeCatalogue }).data ?? [];
  const typeOf = typeIn(catalogue);
  const had = Object.entries(features)
    .map(([key, value]) => ({ key, value, type: typeOf(key, value) }))
    .filter(({ type, value }) => (type === 'value' ? value !== null : isHad(value)));
  return (
    <Panel
      title="Entitlements"
      aside={
        maySee && (
          <RouterAnchor
            to="/customers/$customerId"
            params={{ customerId }}
            search={{ tab: 'entitlements' }}
            size="sm"
            aria-label="Entitlements in full"
          >
            In full
          </RouterAnchor>
        )
      }
    >
      <Facts
        facts={[
          ['Plans', plans.length === 0 ? 'none' : <ScopeNames key="plans" scopes={plans} />],
          ['Has', had.length === 0 ? 'nothing' : <Had key="had" features={had} />],
          ['Holds until', <HoldsUntil key="until" until={valid_until} />],
          ['Epoch', epoch.toLocaleString()],
        ]}
      />
    </Panel>
  );
};

const Had = ({ features }: { features: { key: string; value: FeatureValue; type: FeatureType }[] }) => (
  <ul className={classes.had}>
    {features.slice(0, SHOWN).map(({ key, value, type }) => (
      <li key={key}>
        <code>{key}</code>
        {type !== 'switch' && <span className={classes.value}>{inShort(valueWords(type, value))}</span>}
      </li>
    ))}
    {features.length > SHOWN && (
      <li>
        <Text size="sm" c="dimmed">
          and {features.length - SHOWN} more
        </Text>
      </li>
    )}
  </ul>
);

const inShort = (words: string) => (words.length > 40 ? `${words.slice(0, 39)}…` : words);

const CustomerFacts = ({ customer }: { customer: CustomerOverview['customer'] }) => {
  const metadata = Object.entries(customer.metadata);
  return (
    <Panel title="Facts">
      <Facts
        facts={[
          ['E-mail', customer.email],
          ['Currency', currencyName(customer.currency)],
          ['Country', customer.country ? countryName(customer.country) : 'not known'],
          ['Time zone', timeZoneName(customer.time_zone)],
          ...(customer.tax_id ? [['Tax id', customer.tax_id] as [string, string]] : []),
          ...(customer.external_id ? [['External id', customer.external_id] as [string, string]] : []),
          ...metadata,
          ['Customer since', <Time key="since" value={customer.created_at} as="date" />],
        ]}
      />
    </Panel>
  );
};
