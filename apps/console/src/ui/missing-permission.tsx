import type { Permission } from '@bastionary/contracts/permissions';
import { IconLock } from '@tabler/icons-react';
import { EmptyState } from './empty-state';
import { PageHeader } from './page-header';

export const MissingPermission = ({ permission }: { permission: Permission }) => (
  <>
    <PageHeader title="Not allowed" />
    <EmptyState icon={IconLock} title="A permission is missing">
      This page needs {permission}, which your role does not have. An owner of this installation can change your role.
    </EmptyState>
  </>
);
