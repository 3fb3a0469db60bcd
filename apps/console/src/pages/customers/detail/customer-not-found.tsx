import { IconSearchOff } from '@tabler/icons-react';
import { EmptyState } from '../../../ui/empty-state';
import { RouterButton } from '../../../ui/links';
import { PageHeader } from '../../../ui/page-header';

export const CustomerNotFound = ({ id }: { id: string }) => (
  <>
    <PageHeader title="There is no such customer" />
    <EmptyState
      icon={IconSearchOff}
      title={id}
      action={
        <RouterButton to="/customers" search={{}} variant="default">
          See all customers
        </RouterButton>
      }
    >
      No customer has this id. Perhaps it belongs to another installation.
    </EmptyState>
  </>
);
