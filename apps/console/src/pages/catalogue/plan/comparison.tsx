import type { Plan, PlanVersion, PlanVersionContent } from '@bastionary/contracts/plans';
import { NativeSelect, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Panel } from '../../../ui/panel';
import { DifferenceList } from '../difference-list';
import { predecessorOf, versionOf } from '../plans/plan-versions';
import { useTypes } from '../use-types';
import { versionDiff } from '../version-diff';
import classes from './comparison.module.css';

type Props = {
  plan: Plan;
  version: PlanVersion;
  against: string | undefined;
  /** As it is being written; null as long as that makes no sense. */
  content: PlanVersionContent | null;
};

/** What is another than in a version before or after it, in words. */
export const Comparison = ({ plan, version, against, content }: Props) => {
  const navigate = useNavigate();
  const typeOf = useTypes();
  const others = plan.versions.filter((one) => one.version !== version.version);
  const asked = against === undefined ? undefined : versionOf(plan, Number(against));
  const other = asked ?? predecessorOf(plan, version) ?? others[0];
  if (other === undefined) return null;
  return (
    <Panel
      title="What changes"
      aside={
        <NativeSelect
          size="xs"
          aria-label="Compare with"
          className={classes.choice}
          data={others.map((one) => ({ value: String(one.version), label: `against version ${one.version}` }))}
          value={String(other.version)}
          onChange={(event) =>
            navigate({
              to: '/catalogue/plans/$planKey',
              params: { planKey: plan.key },
              search: { version: String(version.version), against: event.currentTarget.value },
              replace: true,
              resetScroll: false,
            })
          }
        />
      }
    >
      {content === null ? (
        <Text size="sm" c="dimmed">
          As soon as every field makes sense.
        </Text>
      ) : (
        <DifferenceList
          differences={versionDiff(other, content, typeOf)}
          emptyText={`Nothing: it grants and costs the same as version ${other.version}.`}
        />
      )}
    </Panel>
  );
};
