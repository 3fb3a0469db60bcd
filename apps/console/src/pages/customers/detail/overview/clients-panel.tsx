import type { CustomerOverview } from '@bastionary/contracts/customer-overview';
import { Text } from '@mantine/core';
import { usePermission } from '../../../../api/session';
import { RouterAnchor, RouterButton } from '../../../../ui/links';
import { Panel } from '../../../../ui/panel';
import { StatusBadge } from '../../../../ui/status-badge';
import classes from './items.module.css';

type Props = { customerId: string; clients: CustomerOverview['clients'] };

/** The programs of the customer. */
export const ClientsPanel = ({ customerId, clients: { total, data } }: Props) => {
  const mayCreate = usePermission('clients:write');
  return (
    <Panel
      title={total > data.length ? `Clients, the newest ${data.length} of ${total}` : 'Clients'}
      aside={
        mayCreate && (
          <RouterButton
            to="/clients/actions/create"
            search={{ customer: customerId }}
            size="compact-sm"
            variant="default"
          >
            Create a client
          </RouterButton>
        )
      }
    >
      {data.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet. A client of this customer gets tokens that say what the customer may do.
        </Text>
      )}
      <ul className={classes.items}>
        {data.map(({ client_id, name, status }) => (
          <li key={client_id} className={classes.item}>
            <div className={classes.words}>
              <RouterAnchor to="/clients/$clientId" params={{ clientId: client_id }} search={{}} fw={600} size="sm">
                {name}
              </RouterAnchor>
              <Text size="sm" c="dimmed">
                {client_id}
              </Text>
            </div>
            <StatusBadge status={status} />
          </li>
        ))}
      </ul>
    </Panel>
  );
};
