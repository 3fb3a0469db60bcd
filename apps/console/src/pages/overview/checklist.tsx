import type { Overview } from '@bastionary/contracts/operators';
import { Text, VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { revokeCommand, tokenCommand } from '../../api/curl';
import { usePermission } from '../../api/session';
import { Command } from '../../ui/command';
import { RouterAnchor, RouterButton } from '../../ui/links';
import { Panel } from '../../ui/panel';
import { Time } from '../../ui/time';
import classes from './checklist.module.css';

type Step = Overview['checklist'][number];

const TITLES: Record<Step['step'], string> = {
  create_client: 'Create a client',
  first_token: 'Get a token',
  revoke_token: 'Revoke a token',
};

type Props = { steps: Step[]; issuer: string };

/** The first things to do. Each ticks itself as soon as the server has seen it done, wherever it was done. */
export const Checklist = ({ steps, issuer }: Props) => {
  const done = steps.filter(({ done_at }) => done_at).length;
  const current = steps.find(({ done_at }) => !done_at)?.step;
  const count = `${done} of ${steps.length} done`;
  return (
    <Panel
      title={current ? 'Your first token' : 'Your first token: all done'}
      aside={
        <Text size="sm" c="dimmed" role="status">
          {count}
        </Text>
      }
    >
      <ol className={classes.list} data-complete={current === undefined || undefined}>
        {steps.map(({ step, done_at }) => (
          <li key={step} className={classes.step} data-done={done_at !== null || undefined}>
            <span className={classes.mark} aria-hidden>
              {done_at && <IconCheck size={15} stroke={2.5} />}
            </span>
            <div className={classes.body}>
              <Text fw={600} className={classes.title}>
                {TITLES[step]}
                <VisuallyHidden>{done_at ? ' (done)' : ' (to do)'}</VisuallyHidden>
              </Text>
              {done_at && (
                <Text size="sm" c="dimmed">
                  <Time value={done_at} />
                </Text>
              )}
              {step === current && <Instruction step={step} issuer={issuer} />}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
};

const Instruction = ({ step, issuer }: { step: Step['step']; issuer: string }) => {
  const mayWrite = usePermission('clients:write');
  const instructions: Record<Step['step'], ReactNode> = {
    create_client: (
      <>
        <Text size="sm">A client is a program that asks for tokens: a service, a job, a partner’s system.</Text>
        {mayWrite && (
          <div>
            <RouterButton to="/clients/actions/create">Create a client</RouterButton>
          </div>
        )}
      </>
    ),
    first_token: (
      <>
        <Text size="sm">Put in the client’s id and secret and run this. It ticks here by itself.</Text>
        <Command label="Get a token" command={tokenCommand(issuer, null)} />
      </>
    ),
    revoke_token: (
      <>
        <Text size="sm">
          A revoked token is refused everywhere within a second. Paste one into the{' '}
          <RouterAnchor to="/token-inspector" underline="always">
            token inspector
          </RouterAnchor>{' '}
          and revoke it there, or:
        </Text>
        <Command label="Revoke a token" command={revokeCommand(issuer)} />
      </>
    ),
  };
  return <div className={classes.instruction}>{instructions[step]}</div>;
};
