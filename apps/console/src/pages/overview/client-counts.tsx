import type { ClientStatus } from '@bastionary/contracts/clients';
import type { Overview } from '@bastionary/contracts/operators';
import { Skeleton, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { usePermission } from '../../api/session';
import classes from './client-counts.module.css';

type Counts = Overview['clients'];

const TILES: { key: keyof Counts; label: string; status: ClientStatus }[] = [
  { key: 'active', label: 'Active clients', status: 'active' },
  { key: 'expiring_within_30_days', label: 'Expiring within 30 days', status: 'active' },
  { key: 'suspended', label: 'Suspended', status: 'suspended' },
  { key: 'expired', label: 'Expired', status: 'expired' },
];

export const ClientCounts = ({ counts }: { counts: Counts | undefined }) => {
  const maySee = usePermission('clients:read');
  if (!maySee) return null;
  return (
    <ul className={classes.tiles} aria-label="Clients by status">
      {TILES.map(({ key, label, status }) => (
        <li key={key}>
          <Link to="/clients" search={{ status }} className={classes.tile}>
            <Text c="dimmed" size="sm">
              {label}
            </Text>
            <span className={classes.number}>{counts ? counts[key] : <Skeleton width={28} height={24} mt={6} />}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
};
