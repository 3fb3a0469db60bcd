import type { Plan, PlanVersion } from '@bastionary/contracts/plans';
import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { featuresQuery, planVersionQuery } from '../../../api/catalogue';
import { usePermission } from '../../../api/session';
import { ErrorAlert } from '../../../ui/error-alert';
import { Comparison } from './comparison';
import { DraftEditor } from './draft-editor';
import { PriceCalculator } from './price-calculator';
import { VersionContent } from './version-content';

type Props = { plan: Plan; version: PlanVersion; against: string | undefined };

/** The version on the screen: a draft to be written, or what it grants and costs for ever. */
export const VersionSection = (props: Props) => {
  const mayWrite = usePermission('catalogue:write');
  if (props.version.status === 'draft' && mayWrite) return <LoadedDraft {...props} />;
  return (
    <Stack gap="lg">
      <VersionContent plan={props.plan} version={props.version} />
      <PriceCalculator content={props.version} />
      <Comparison {...props} content={props.version} />
    </Stack>
  );
};

const LoadedDraft = ({ plan, version, against }: Props) => {
  const features = useQuery(featuresQuery);
  const draft = useQuery(planVersionQuery(plan.key, version.version));
  const error = features.error ?? draft.error;
  if (error) return <ErrorAlert error={error} onRetry={() => Promise.all([features.refetch(), draft.refetch()])} />;
  if (!features.data || !draft.data) return <Skeleton height={320} radius="lg" />;
  return (
    <DraftEditor
      plan={plan}
      version={draft.data.body}
      etag={draft.data.etag}
      features={features.data}
      against={against}
    />
  );
};
