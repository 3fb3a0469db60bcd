import type { Preview } from '@bastionary/contracts/entitlements';
import { Skeleton, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { ApiError } from '../../api/http';
import { ErrorAlert } from '../../ui/error-alert';
import classes from './effects.module.css';
import { FeatureChanges } from './feature-changes';

type Props = {
  /** The dry run of what is about to be done. */
  dryRun: UseQueryResult<Preview>;
  /** Whether there is anything to try: false while a form is incomplete. */
  isAsked?: boolean;
  /** Instead of a preview, while nothing is asked. */
  hint?: string;
  /** While somebody types: what is known is about what stood there before. */
  isTyping?: boolean;
};

// What the api refuses, it will refuse again.
const isRefused = (error: Error) => error instanceof ApiError && error.status >= 400 && error.status < 500;

/** What the api says would follow, tried out by it and taken back. */
export const Effects = ({ dryRun: { data, error, refetch }, isAsked = true, hint = '', isTyping = false }: Props) => (
  <section className={classes.box} aria-label="What the customer gains and loses" aria-live="polite">
    <Text className={classes.title}>What the customer gains and loses</Text>
    {!isAsked && (
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
    )}
    {isAsked && !isTyping && error && (
      <ErrorAlert error={error} {...(!isRefused(error) && { onRetry: () => void refetch() })} />
    )}
    {isAsked && (isTyping || (!error && !data)) && <Skeleton height={28} />}
    {isAsked && !isTyping && !error && data && <FeatureChanges preview={data} />}
  </section>
);
