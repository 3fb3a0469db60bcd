import type { ExplainRequest, Explanation } from '@bastionary/contracts/explain';
import { Skeleton, Text } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { explanationQuery } from '../../api/explain';
import { ErrorAlert } from '../../ui/error-alert';
import { Panel } from '../../ui/panel';
import { formatDateTime } from '../../ui/time';
import classes from './answer.module.css';
import { Chain } from './chain';
import { Fact } from './fact';
import { SmallestChange } from './smallest-change';

/** What the api answers: yes or no, the chain of facts, and what would turn a no. */
export const Answer = ({ request, name }: { request: ExplainRequest; name?: string }) => {
  const { data, error, refetch } = useQuery(explanationQuery(request));
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={280} radius="lg" />;
  return (
    <>
      <Verdict request={request} explanation={data} name={name} />
      {!data.allowed && data.smallest_change && <SmallestChange change={data.smallest_change} request={request} />}
      <Panel title="Step by step">
        <Chain steps={data.chain} clientId={request.client_id} subject={subjectOf(request)} />
      </Panel>
    </>
  );
};

/** Whose page it would lead to anyhow. */
const subjectOf = ({ question }: ExplainRequest) => ('license' in question ? question.license : undefined);

const wordsOf = ({ question, client_id, customer_id }: ExplainRequest, isAllowed: boolean, name?: string): string => {
  if ('token' in question) {
    const scope = question.token.scope ? ` with ${question.token.scope}` : '';
    return `${client_id} gets ${isAllowed ? 'a' : 'no'} token${scope}.`;
  }
  if ('license' in question) {
    const where = question.fingerprint === undefined ? '' : ` for ${question.fingerprint}`;
    return `${name ?? question.license} is ${isAllowed ? '' : 'not '}valid${where}.`;
  }
  const who = client_id === undefined ? customer_id : `The customer of ${client_id}`;
  if ('feature' in question) return `${who} ${isAllowed ? 'has' : 'does not have'} ${question.feature}.`;
  return isAllowed ? `${who} may use one more of ${question.quota}.` : `${who} may use no more of ${question.quota}.`;
};

const Verdict = ({
  request,
  explanation: { allowed, chain },
  name,
}: {
  request: ExplainRequest;
  explanation: Explanation;
  name: string | undefined;
}) => {
  const reason = allowed ? undefined : chain.find(({ result }) => result === 'denies');
  const Icon = allowed ? IconCircleCheckFilled : IconCircleXFilled;
  return (
    <section className={classes.verdict} data-allowed={allowed} aria-label="Answer" role="status">
      <Icon size={36} aria-hidden />
      <div className={classes.words}>
        <Text className={classes.word}>{allowed ? 'Yes' : 'No'}</Text>
        <Text size="sm" c="inherit">
          {wordsOf(request, allowed, name)}
          {request.at !== undefined && ` Asked for ${formatDateTime(request.at)}.`}
        </Text>
        {reason && (
          <Text size="sm" c="inherit" mt={2}>
            {/* At the end of a chain it says “so”; here it is the reason. */}
            <Fact words={reason.fact.replace(/^So /, 'Because ')} />
          </Text>
        )}
      </div>
    </section>
  );
};
