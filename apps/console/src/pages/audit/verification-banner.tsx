import type { AuditVerification } from '@bastionary/contracts/audit';
import { Button, Collapse, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertOctagon, IconClockExclamation, IconShieldCheck, type TablerIcon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { auditVerificationQuery } from '../../api/audit';
import { Command } from '../../ui/command';
import { CopyableId } from '../../ui/copyable-id';
import { formatDuration } from '../../ui/duration';
import { ErrorAlert } from '../../ui/error-alert';
import { Facts } from '../../ui/facts';
import { Time } from '../../ui/time';
import classes from './verification-banner.module.css';

const STATES: Record<AuditVerification['state'], { icon: TablerIcon; title: string }> = {
  sealed: { icon: IconShieldCheck, title: 'The log is what was sealed' },
  behind: { icon: IconClockExclamation, title: 'The sealer is behind' },
  broken: { icon: IconAlertOctagon, title: 'The log is not what was sealed' },
};

const number = (decimal: string) => BigInt(decimal).toLocaleString();

const summaryOf = ({ state, fault, sealed_up_to, unsealed, oldest_unsealed_seconds }: AuditVerification) => {
  if (state === 'broken')
    return `${fault ?? 'A record is not what it was.'} Keep the database as it is and find out who changed it.`;
  const waiting = unsealed === '0' ? '' : ` ${number(unsealed)} wait for their seal.`;
  if (state === 'behind') {
    return `The oldest record has waited ${formatDuration(oldest_unsealed_seconds ?? 0)} for its seal: is the worker running?${waiting}`;
  }
  return `Records 1 to ${number(sealed_up_to)} are chained, so that a change, a gap or an addition shows.${waiting}`;
};

/** Whether anybody has tampered with the log, as far as this server can tell, and how to find out without it. */
export const VerificationBanner = () => {
  const [isOpen, how] = useDisclosure(false);
  const { data, error, refetch } = useQuery(auditVerificationQuery);
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={76} radius="lg" mb="lg" />;
  const { icon: Icon, title } = STATES[data.state];
  return (
    <section className={classes.banner} data-state={data.state} aria-label="Verification">
      <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start" className={classes.head}>
        <div className={classes.verdict} role={data.state === 'broken' ? 'alert' : 'status'}>
          <Icon size={22} aria-hidden className={classes.icon} />
          <div>
            <Text fw={600}>{title}</Text>
            <Text size="sm">{summaryOf(data)}</Text>
          </div>
        </div>
        <Button size="compact-sm" variant="subtle" aria-expanded={isOpen} onClick={how.toggle}>
          {isOpen ? 'Hide' : 'Verify it yourself'}
        </Button>
      </Group>
      <Collapse expanded={isOpen}>
        <Stack gap="md" className={classes.how}>
          <Facts
            facts={[
              ['Sealed up to', `record ${number(data.sealed_up_to)}`],
              [
                'Last checkpoint',
                data.last_checkpoint ? (
                  <span key="checkpoint">
                    <Time value={data.last_checkpoint.at} />, up to record {number(data.last_checkpoint.size)}
                  </span>
                ) : (
                  'none yet'
                ),
              ],
              [
                'Public key',
                data.public_key ? (
                  <CopyableId key="key" id={data.public_key} what="public key" />
                ) : (
                  'not known to this server'
                ),
              ],
            ]}
          />
          <div>
            <Text size="sm" mb="xs">
              Export the log, and check it on another machine against checkpoints and a public key that were kept
              elsewhere: who can change this database can change what this page says.
            </Text>
            <Command
              label="Verify an export"
              command={`npm run audit:verify -- audit.jsonl --checkpoints audit-checkpoints.log${data.public_key ? ` \\\n  --public-key '${data.public_key}'` : ''}`}
            />
          </div>
        </Stack>
      </Collapse>
    </section>
  );
};
