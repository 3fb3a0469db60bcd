import type { Retirement } from '@bastionary/contracts/credentials';
import { Skeleton, Text } from '@mantine/core';
import { IconActivity, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { retirementQuery } from '../../../../api/credentials';
import { formatDuration } from '../../../../ui/duration';
import { ErrorAlert } from '../../../../ui/error-alert';
import classes from './retirement-verdict.module.css';

type Props = { clientId: string; credentialId: string };

const number = (decimal: string) => BigInt(decimal).toLocaleString();

const evidenceOf = (facts: Retirement): [name: string, value: string][] => [
  ['Uses in the last hour', number(facts.uses_last_hour)],
  ['Uses in the last day', number(facts.uses_last_day)],
  ['Silent for', facts.silent_for_seconds === null ? 'never used' : formatDuration(facts.silent_for_seconds)],
  ['Live tokens got with it', number(facts.live_tokens)],
  ['Other usable credentials', String(facts.other_usable_credentials)],
];

/** Whether this credential can go without anybody noticing, and what says so. */
export const RetirementVerdict = ({ clientId, credentialId }: Props) => {
  const { data, error, refetch } = useQuery(retirementQuery(clientId, credentialId));
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={88} radius="md" />;
  const isSafe = data.safe_to_retire;
  const Icon = isSafe ? IconCircleCheck : IconActivity;
  return (
    <div className={classes.root} data-safe={isSafe || undefined}>
      <div className={classes.verdict} role="status">
        <Icon size={18} aria-hidden className={classes.icon} />
        <div>
          <Text size="sm" fw={600}>
            {isSafe ? 'Safe to retire' : 'Not yet safe to retire'}
          </Text>
          <Text size="sm">{data.reason}</Text>
        </div>
      </div>
      <dl className={classes.evidence}>
        {evidenceOf(data).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
};
