import type { Feature, SetOverrideRequest } from '@bastionary/contracts/entitlements';
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { overridePreviewQuery } from '../../../../api/entitlements';
import { ErrorAlert } from '../../../../ui/error-alert';
import { ChangeList } from './change-list';
import { toChanges } from './feature-changes';
import classes from './override-preview.module.css';

type Props = {
  customerId: string;
  feature: Feature;
  /** Null: it is removed. */
  body: SetOverrideRequest | null;
};

/** What the server says a change would mean, before it is made. */
export const OverridePreview = ({ customerId, feature, body }: Props) => {
  const { data, error, isPlaceholderData } = useQuery(overridePreviewQuery(customerId, feature.key, body));
  if (error) return <ErrorAlert error={error} />;
  if (!data) return <Skeleton height={56} radius="md" />;
  const changes = data.customers.flatMap(toChanges);
  return (
    <div className={classes.box} role="status" aria-busy={isPlaceholderData}>
      <Text size="sm" fw={600}>
        {changes.length === 0 ? 'Nothing changes now' : 'What changes now'}
      </Text>
      {changes.length === 0 ? (
        <Text size="sm">The customer has this value already.</Text>
      ) : (
        <ChangeList changes={changes} features={[feature]} />
      )}
    </div>
  );
};
