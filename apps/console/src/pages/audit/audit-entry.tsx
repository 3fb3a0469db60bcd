import type { AuditRecord } from '@bastionary/contracts/audit';
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Time } from '../../ui/time';
import { useActorName } from './actor';
import { AuditDetail } from './audit-detail';
import classes from './audit-entry.module.css';
import { actionPhrase } from './sentence';

const capitalized = (sentence: string) => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** One record as a sentence; everything it holds on demand. */
export const AuditEntry = ({ record }: { record: AuditRecord }) => {
  const [isOpen, detail] = useDisclosure(false);
  const actorName = useActorName();
  return (
    <li className={classes.entry}>
      <div className={classes.line}>
        <div className={classes.words}>
          <Text size="sm">{capitalized(`${actorName(record.actor)} ${actionPhrase(record)}.`)}</Text>
          <Text size="sm" c="dimmed">
            <Time value={record.at} />
          </Text>
        </div>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={detail.toggle}
          aria-expanded={isOpen}
          aria-label={`Details of record ${record.seq}`}
        >
          Details
        </Button>
      </div>
      {isOpen && <AuditDetail record={record} />}
    </li>
  );
};
