import { IconRobotOff } from '@tabler/icons-react';
import { EmptyState } from '../../../ui/empty-state';
import { RouterButton } from '../../../ui/links';
import { PageHeader } from '../../../ui/page-header';

export const ClientNotFound = ({ clientId }: { clientId: string }) => (
  <>
    <PageHeader title="There is no such client" />
    <EmptyState
      icon={IconRobotOff}
      title={clientId}
      action={
        <RouterButton to="/clients" search={{}} variant="default">
          See all clients
        </RouterButton>
      }
    >
      No client has this id. It may have been deleted; what was done to it still stands in the audit log.
    </EmptyState>
  </>
);
