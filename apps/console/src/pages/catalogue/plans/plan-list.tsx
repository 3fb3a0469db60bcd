import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconTags } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { plansQuery } from '../../../api/catalogue';
import { createPlanCommand } from '../../../api/curl';
import { usePermission } from '../../../api/session';
import { Command } from '../../../ui/command';
import { DataTable } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { CreatePlan } from './create-plan';
import { planColumns } from './plan-columns';

export const PlanList = () => {
  const mayWrite = usePermission('catalogue:write');
  const [isCreating, creation] = useDisclosure(false);
  const { data, error, refetch } = useQuery(plansQuery);
  const plans = data?.filter(({ kind }) => kind === 'plan');
  const addOns = data?.filter(({ kind }) => kind === 'add_on') ?? [];
  const createButton = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={creation.open}>
      Create a plan
    </Button>
  );
  return (
    <>
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {data?.length === 0 && (
        <EmptyState
          icon={IconTags}
          title="No plans yet"
          action={createButton}
          example={<Command label="Create a plan" command={createPlanCommand(window.location.origin)} />}
        >
          A plan grants features at a price. It lives in versions: a draft is edited, a published one never changes, and
          customers stay on theirs until you move them.
        </EmptyState>
      )}
      {!error && data?.length !== 0 && (
        <Stack gap="lg">
          <Group justify="space-between" gap="sm">
            <Text size="sm" c="dimmed" maw="40rem">
              A new version changes nobody: subscriptions stay on theirs until you move them.
            </Text>
            {createButton}
          </Group>
          <DataTable caption="Plans" columns={planColumns} rows={plans} rowId={({ key }) => key} />
          {addOns.length > 0 && (
            <Stack gap="sm" component="section">
              <div>
                <Title order={2}>Add-ons</Title>
                <Text size="sm" c="dimmed">
                  Bought on top of a plan, once or several times; what they grant is added to what the plan grants.
                </Text>
              </div>
              <DataTable caption="Add-ons" columns={planColumns} rows={addOns} rowId={({ key }) => key} />
            </Stack>
          )}
        </Stack>
      )}
      {isCreating && <CreatePlan onClose={creation.close} />}
    </>
  );
};
