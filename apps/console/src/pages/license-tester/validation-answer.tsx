import type { LimitName } from '@bastionary/contracts/license-policies';
import type { Validation } from '@bastionary/contracts/license-validation';
import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react';
import { Facts } from '../../ui/facts';
import { ObjectLink } from '../../ui/object-link';
import { Panel } from '../../ui/panel';
import { ScopeNames } from '../../ui/scope-names';
import { Time } from '../../ui/time';
import classes from '../explain/answer.module.css';
import { WhyLink } from '../explain/why-link';
import { LIMIT_WORDS } from '../license-policies/policy-words';
import { UseBar } from '../licenses/use-bar';

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

type Props = { licenseId: string; answer: Validation };

/** The whole answer of a validation, in words. */
export const ValidationAnswer = ({ licenseId, answer }: Props) => {
  const { valid, code, detail, failures, warnings } = answer;
  const Icon = valid ? IconCircleCheckFilled : IconCircleXFilled;
  const others = failures.slice(1);
  return (
    <>
      <section className={classes.verdict} data-allowed={valid} aria-label="Answer" role="status">
        <Icon size={36} aria-hidden />
        <div className={classes.words}>
          <Text className={classes.word}>{valid ? 'Valid' : 'Not valid'}</Text>
          <Text size="sm" c="inherit">
            <code>{code}</code>: the licence {detail}
            {valid && code !== 'VALID' && ', which its policy tolerates'}.
          </Text>
        </div>
      </section>
      {others.length > 0 && (
        <Panel title="What else is wrong">
          <List size="sm" spacing="xs">
            {others.map((failure) => (
              <List.Item key={failure.code}>
                {sentence(failure.detail)} <code>{failure.code}</code>
              </List.Item>
            ))}
          </List>
        </Panel>
      )}
      {warnings.length > 0 && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="Warnings">
          <Stack gap={4}>
            {warnings.map((warning) => (
              <Text key={warning.code} size="sm" c="inherit">
                {sentence(warning.detail)} <code>{warning.code}</code>
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
      {code !== 'NOT_FOUND' && (
        <Panel title="Limits and times" aside={<WhyLink question={{ license: licenseId }} label="Step by step" />}>
          <WhatElse licenseId={licenseId} answer={answer} />
        </Panel>
      )}
    </>
  );
};

const isLimit = (name: string): name is LimitName => Object.hasOwn(LIMIT_WORDS, name);

const WhatElse = ({ licenseId, answer }: Props) => {
  const { limits, seats_free, expires_at, grace_ends_at, next_check_in_by, entitlements } = answer;
  const when = (at: string | null, none: string) => (at === null ? none : <Time value={at} as="date-time" />);
  const codes = Object.keys(entitlements);
  return (
    <Facts
      facts={[
        ['Licence', <ObjectLink key="licence" id={licenseId} />],
        ['Seats free', seats_free === null ? 'any number' : seats_free.toLocaleString()],
        ...Object.entries(limits)
          .filter(([name, { limit }]) => name === 'max_machines' || limit !== null)
          .map(([name, { used, limit }]): [string, React.ReactNode] => [
            isLimit(name) ? LIMIT_WORDS[name].label : name,
            <UseBar
              key={name}
              used={used}
              limit={limit}
              what={isLimit(name) ? LIMIT_WORDS[name].what : name}
              isBytes={name === 'max_memory' || name === 'max_disk'}
            />,
          ]),
        ['Expires', when(expires_at, 'never')],
        ['Works until', grace_ends_at === null ? 'its expiry' : when(grace_ends_at, '–')],
        ['Check in by', when(next_check_in_by, 'no check-in is asked for')],
        ['Entitlements', codes.length === 0 ? 'none' : <ScopeNames key="codes" scopes={codes} />],
      ]}
    />
  );
};
