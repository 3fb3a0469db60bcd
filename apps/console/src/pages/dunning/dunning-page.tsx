import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { dunningPolicyQuery } from '../../api/dunning';
import { usePermission } from '../../api/session';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { DunningForm } from './dunning-form';

/** What happens to whoever does not pay. Who is late stands with the receivables. */
export const DunningPage = () => {
  const maySee = usePermission('billing:read');
  const maySeeWho = usePermission('revenue:read');
  const { data, error, refetch } = useQuery({ ...dunningPolicyQuery, enabled: maySee });
  if (!maySee) return <MissingPermission permission="billing:read" />;
  return (
    <>
      <PageHeader
        title="Dunning"
        description="What happens to whoever does not pay: one policy for all invoices."
        actions={
          maySeeWho && (
            <RouterButton to="/receivables" search={{}} variant="default">
              See who is late
            </RouterButton>
          )
        }
      />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={260} radius="lg" aria-busy />}
      {data && <DunningForm policy={data.body} etag={data.etag} />}
    </>
  );
};
