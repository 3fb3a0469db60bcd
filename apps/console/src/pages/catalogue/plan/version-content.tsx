import type { Plan, PlanVersion } from '@bastionary/contracts/plans';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { featuresQuery } from '../../../api/catalogue';
import { usePermission } from '../../../api/session';
import { Facts } from '../../../ui/facts';
import { Panel } from '../../../ui/panel';
import { Time } from '../../../ui/time';
import { valueWords } from '../feature-words';
import { trialWords, wordsByCurrency } from '../price-words';
import { useTypes } from '../use-types';
import { MoveDialog } from './move-dialog';
import { RetireDialog } from './retire-dialog';

type Props = { plan: Plan; version: PlanVersion };

/** What a version grants and costs, and what can still be done about it. */
export const VersionContent = ({ plan, version }: Props) => {
  const mayWrite = usePermission('catalogue:write');
  const mayMove = usePermission('subscriptions:write');
  const { data: features = [] } = useQuery(featuresQuery);
  const typeOf = useTypes();
  const [dialog, setDialog] = useState<'retire' | 'move' | null>(null);
  const nameOf = (key: string) => features.find((one) => one.key === key)?.name ?? key;
  const isLeft = version.version !== plan.current_version && version.subscriptions > 0;
  const granted = Object.entries(version.features).sort(([one], [other]) => (one < other ? -1 : 1));
  return (
    <Panel
      title={`Version ${version.version}, ${version.status}`}
      aside={
        <Group gap="xs" wrap="nowrap">
          {mayMove && isLeft && plan.current_version !== null && (
            <Button size="xs" variant="default" onClick={() => setDialog('move')}>
              Move its subscriptions
            </Button>
          )}
          {mayWrite && version.status === 'published' && (
            <Button size="xs" variant="default" onClick={() => setDialog('retire')}>
              Retire
            </Button>
          )}
        </Group>
      }
    >
      <Stack gap="lg">
        <section>
          <Title order={3}>It grants</Title>
          {granted.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing: its customers have every feature with its default.
            </Text>
          ) : (
            <Facts facts={granted.map(([key, value]) => [nameOf(key), valueWords(typeOf(key), value)])} />
          )}
        </section>
        <section>
          <Title order={3}>It costs</Title>
          <Facts
            facts={[
              [
                version.prices.length > 1 ? 'Prices' : 'Price',
                version.prices.length === 0 ? 'nothing' : <Costs key="costs" prices={version.prices} />,
              ],
              ['Trial', trialWords(version.trial_days)],
              ['Subscriptions', version.subscriptions.toLocaleString()],
              [
                'Published',
                version.published_at ? <Time key="published" value={version.published_at} as="date-time" /> : 'never',
              ],
              ...(version.retired_at
                ? [
                    ['Retired', <Time key="retired" value={version.retired_at} as="date-time" />] as [
                      string,
                      React.ReactNode,
                    ],
                  ]
                : []),
            ]}
          />
        </section>
      </Stack>
      {dialog === 'retire' && <RetireDialog plan={plan} version={version} onClose={() => setDialog(null)} />}
      {dialog === 'move' && plan.current_version !== null && (
        <MoveDialog plan={plan} from={version.version} to={plan.current_version} onClose={() => setDialog(null)} />
      )}
    </Panel>
  );
};

const Costs = ({ prices }: Pick<PlanVersion, 'prices'>) =>
  wordsByCurrency(prices).map((words) => <div key={words}>{words}</div>);
