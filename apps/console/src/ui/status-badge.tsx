import { Badge } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCalendarClock,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconFileInvoice,
  IconHeartbeat,
  IconHeartOff,
  IconHourglass,
  IconHourglassOff,
  IconPencil,
  IconPlayerPause,
  type TablerIcon,
} from '@tabler/icons-react';

const LOOKS: Record<string, [color: string, icon: TablerIcon]> = {
  active: ['green', IconCircleCheck],
  suspended: ['orange', IconPlayerPause],
  expired: ['red', IconHourglassOff],
  not_yet_valid: ['bastion', IconClock],
  invited: ['bastion', IconClock],
  draft: ['bastion', IconPencil],
  published: ['green', IconCircleCheck],
  next: ['bastion', IconClock],
  retiring: ['orange', IconHourglassOff],
  retired: ['gray', IconCircleDashed],
  scheduled: ['bastion', IconCalendarClock],
  trialing: ['bastion', IconHourglass],
  past_due: ['orange', IconAlertTriangle],
  paused: ['gray', IconPlayerPause],
  canceled: ['gray', IconCircleX],
  open: ['bastion', IconFileInvoice],
  overdue: ['red', IconAlertTriangle],
  paid: ['green', IconCircleCheck],
  void: ['gray', IconCircleX],
  uncollectible: ['orange', IconCircleX],
  held: ['orange', IconPlayerPause],
  pending: ['bastion', IconClock],
  succeeded: ['green', IconCircleCheck],
  failed: ['red', IconCircleX],
  available: ['green', IconCircleCheck],
  used: ['gray', IconCircleDashed],
  accepted: ['green', IconCircleCheck],
  duplicate: ['gray', IconCircleDashed],
  conflict: ['orange', IconAlertTriangle],
  rejected: ['red', IconCircleX],
  queued: ['bastion', IconClock],
  waiting: ['bastion', IconClock],
  running: ['bastion', IconHourglass],
  done: ['green', IconCircleCheck],
  matched: ['green', IconCircleCheck],
  missing_here: ['red', IconAlertTriangle],
  missing_there: ['orange', IconAlertTriangle],
  differs: ['red', IconAlertTriangle],
  inactive: ['gray', IconCircleDashed],
  expiring: ['orange', IconHourglass],
  in_grace: ['orange', IconHourglass],
  revoked: ['red', IconCircleX],
  banned: ['red', IconCircleX],
  alive: ['green', IconHeartbeat],
  resurrected: ['green', IconHeartbeat],
  not_started: ['gray', IconHeartOff],
  dead: ['red', IconHeartOff],
  compromised: ['red', IconAlertTriangle],
};

/** A state by word, icon and colour: never by colour alone. */
export const StatusBadge = ({ status }: { status: string }) => {
  const [color, Icon] = LOOKS[status] ?? ['gray', IconCircleDashed];
  return (
    <Badge color={color} leftSection={<Icon size={13} aria-hidden />}>
      {status.replaceAll('_', ' ')}
    </Badge>
  );
};
