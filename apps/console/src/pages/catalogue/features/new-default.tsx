import type { Feature } from '@bastionary/contracts/entitlements';
import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { featureChangeQuery } from '../../../api/catalogue';
import { ErrorAlert } from '../../../ui/error-alert';
import { CustomerEffects } from '../customer-effects';

type Props = { feature: Feature; isPending: boolean; onBack: () => void; onSave: () => void };

/** Whom a new default reaches, before it is saved. */
export const NewDefault = ({ feature, isPending, onBack, onSave }: Props) => {
  const { data, error, refetch } = useQuery(featureChangeQuery(feature));
  return (
    <Stack>
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={96} />}
      {data && <CustomerEffects preview={data} typeOf={() => feature.type} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onBack} data-autofocus>
          Back
        </Button>
        <Button onClick={onSave} loading={isPending} disabled={!data}>
          Save the new default
        </Button>
      </Group>
    </Stack>
  );
};
