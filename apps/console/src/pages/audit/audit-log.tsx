import { Button } from '@mantine/core';
import { IconDownload, IconHistory, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { AUDIT_EXPORT, auditQuery } from '../../api/audit';
import { auditCommand } from '../../api/curl';
import { Command } from '../../ui/command';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { FilterBar } from '../../ui/filter-bar';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { auditColumns } from './audit-columns';
import { AuditDetail } from './audit-detail';
import { VerificationBanner } from './verification-banner';

const route = getRouteApi('/signed-in/audit-log');

const FIELDS = [
  { name: 'action', label: 'Action', placeholder: 'client.created' },
  { name: 'target', label: 'Target', placeholder: 'client:my_client_id' },
  { name: 'actor', label: 'Actor', placeholder: 'operator:opr_…' },
] as const;

export const AuditLogPage = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const [open, setOpen] = useState<string | null>(null);
  const columns = useMemo(() => auditColumns(open, setOpen), [open]);
  const { data, error, refetch, isPlaceholderData } = useQuery(auditQuery(filter));
  const isFiltered = Boolean(filter.actor || filter.action || filter.target);
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;

  return (
    <>
      <PageHeader
        title="Audit log"
        description="Every change, with who made it, from where and when. The newest first."
        actions={
          <Button
            component="a"
            href={AUDIT_EXPORT}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Export
          </Button>
        }
      />
      <VerificationBanner />
      <FilterBar fields={FIELDS} value={filter} onFilter={(search) => navigate({ search })} />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && !isEmpty && (
        <DataTable
          caption="Audit records"
          columns={columns}
          rows={data?.data}
          rowId={({ seq }) => seq}
          detail={(record) => (record.seq === open ? <AuditDetail record={record} /> : null)}
        />
      )}
      {isEmpty && isFiltered && (
        <EmptyState
          icon={IconSearchOff}
          title="No record matches"
          action={
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              Clear the filters
            </Button>
          }
        >
          The filters compare whole values, for example client:my_client_id or client.created.
        </EmptyState>
      )}
      {isEmpty && !isFiltered && (
        <EmptyState
          icon={IconHistory}
          title="Nothing has happened yet"
          example={<Command label="Read the audit log" command={auditCommand(window.location.origin)} />}
        >
          Whatever somebody changes stands here from then on. The same with curl:
        </EmptyState>
      )}
      <Pager
        isFirst={!filter.cursor}
        next={data?.next_cursor ?? null}
        onGo={(cursor) => navigate({ search: (previous) => ({ ...previous, cursor }) })}
      />
    </>
  );
};
