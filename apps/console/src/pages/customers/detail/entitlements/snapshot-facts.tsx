import type { Entitlements } from '@bastionary/contracts/entitlements';
import { Text } from '@mantine/core';
import { CopyableId } from '../../../../ui/copyable-id';
import { Facts } from '../../../../ui/facts';
import { Panel } from '../../../../ui/panel';
import { ScopeNames } from '../../../../ui/scope-names';
import { StatusBadge } from '../../../../ui/status-badge';
import { formatDateTime, Time } from '../../../../ui/time';

/** Until when a snapshot holds, in words. */
export const HoldsUntil = ({ until }: { until: string | null }) =>
  until === null ? (
    'further notice: nothing is due to change it'
  ) : (
    <>
      {formatDateTime(until)}, <Time value={until} />: then it changes by itself
    </>
  );

/** The snapshot that every surface serves, but its features. */
export const SnapshotFacts = ({ title, snapshot }: { title: string; snapshot: Entitlements }) => (
  <Panel title={title}>
    <Facts
      facts={[
        ['Status', <StatusBadge key="status" status={snapshot.status} />],
        [
          'Plans',
          snapshot.plans.length === 0 ? (
            'none: every feature has its default, unless it is overridden'
          ) : (
            <ScopeNames key="plans" scopes={snapshot.plans} />
          ),
        ],
        ['Holds until', <HoldsUntil key="until" until={snapshot.valid_until} />],
        ['Epoch', snapshot.epoch.toLocaleString()],
        [
          'Hash',
          <div key="hash">
            <CopyableId id={snapshot.hash} what="hash" />
            <Text size="sm" c="dimmed">
              Tokens, introspection, events and the API carry the same one.
            </Text>
          </div>,
        ],
      ]}
    />
  </Panel>
);
