import { Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { operatorsQuery } from '../../api/operators';
import { usePermission } from '../../api/session';
import { DataTable } from '../../ui/data-table';
import { ErrorAlert } from '../../ui/error-alert';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { InviteDialog } from './invite-dialog';
import { operatorColumns } from './operator-columns';

const route = getRouteApi('/signed-in/operators');

export const OperatorsPage = () => {
  const mayRead = usePermission('operators:read');
  return mayRead ? <OperatorList /> : <MissingPermission permission="operators:read" />;
};

const OperatorList = () => {
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = usePermission('operators:write');
  const [isInviting, setIsInviting] = useState(false);
  const { data, error, refetch } = useQuery(operatorsQuery(cursor));
  return (
    <>
      <PageHeader
        title="Operators"
        description="The people who may sign in here, and what their role lets them do."
        actions={
          mayWrite && (
            <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setIsInviting(true)}>
              Invite
            </Button>
          )
        }
      />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && <DataTable caption="Operators" columns={operatorColumns} rows={data?.data} rowId={({ id }) => id} />}
      <Pager
        isFirst={!cursor}
        next={data?.next_cursor ?? null}
        onGo={(next) => navigate({ search: { cursor: next } })}
      />
      <InviteDialog opened={isInviting} onClose={() => setIsInviting(false)} />
    </>
  );
};
