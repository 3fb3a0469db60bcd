import type { UpdateLicensePolicyRequest } from '@bastionary/contracts/license-policies';
import { Skeleton, Stack, Text } from '@mantine/core';
import { IconLicenseOff } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { ApiError } from '../../api/http';
import { policyKeys, policyQuery, updatePolicy, type VersionedPolicy } from '../../api/license-policies';
import { licenseKeys } from '../../api/licenses';
import { usePermission } from '../../api/session';
import { CopyableId } from '../../ui/copyable-id';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { SaveBar } from '../../ui/save-bar';
import { toast } from '../../ui/toast';
import { differences, useDraft } from '../../ui/use-draft';
import { Activity } from '../audit/activity';
import { UpdateError } from '../audit/update-error';
import { type PolicyDraft, readTerms, toPolicyDraft } from './policy-draft';
import { PolicyFields, Sentences } from './policy-fields';

const route = getRouteApi('/signed-in/license-policies/$policyId');

const toPolicies = (
  <RouterAnchor to="/license-policies" search={{}} size="sm">
    ← Licence policies
  </RouterAnchor>
);

export const PolicyDetailPage = () => {
  const { policyId } = route.useParams();
  const maySee = usePermission('licenses:read');
  const { data, error, refetch } = useQuery({ ...policyQuery(policyId), enabled: maySee });
  if (!maySee) return <MissingPermission permission="licenses:read" />;
  if (error instanceof ApiError && error.status === 404) return <PolicyNotFound id={policyId} />;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={320} radius="lg" />;
  return <Detail {...data} />;
};

const Detail = ({ policy, etag }: VersionedPolicy) => {
  const mayWrite = usePermission('license_policies:write');
  const maySeeAudit = usePermission('audit:read');
  const { licenses } = policy;
  return (
    <>
      <PageHeader
        above={toPolicies}
        title={policy.name}
        description={<CopyableId id={policy.id} what="policy id" />}
        actions={
          <RouterButton to="/licenses" search={{ policy: policy.id }} variant="default">
            {licenses === 1 ? 'See its licence' : `See its ${licenses.toLocaleString()} licences`}
          </RouterButton>
        }
      />
      <Stack gap="lg">
        {mayWrite ? (
          <EditPolicy policy={policy} etag={etag} />
        ) : (
          <Panel title="In plain English">
            <Sentences of={policy.summary} />
          </Panel>
        )}
        {maySeeAudit && <Activity title="What was done to this policy" target={`license_policy:${policy.id}`} />}
      </Stack>
    </>
  );
};

/** What the changed fields come to, for the api. */
const changeOf = (draft: PolicyDraft, base: PolicyDraft): UpdateLicensePolicyRequest => {
  const { terms } = readTerms(draft);
  const { terms: before } = readTerms(base);
  return {
    ...(terms && before && differences(terms, before)),
    ...(draft.name.trim() !== base.name && { name: draft.name.trim() }),
    ...(draft.plan !== base.plan && { plan: draft.plan || null }),
  };
};

const EditPolicy = ({ policy, etag: current }: VersionedPolicy) => {
  const { id, licenses } = policy;
  const queryClient = useQueryClient();
  const { draft, base, etag, isChanged, change, reset } = useDraft(toPolicyDraft(policy, policy), current);
  const { faults } = readTerms(draft);
  const update = useMutation({
    mutationFn: (body: UpdateLicensePolicyRequest) => updatePolicy(id, etag, body),
    onSuccess: async (saved) => {
      queryClient.setQueryData(policyQuery(id).queryKey, saved);
      reset();
      toast('The policy is changed.');
      await queryClient.invalidateQueries({ queryKey: policyKeys.all });
      await queryClient.invalidateQueries({ queryKey: licenseKeys.all });
      await queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(faults).length === 0) update.mutate(changeOf(draft, base));
  };
  const undo = () => {
    update.reset();
    reset();
  };
  const refused = update.error instanceof ApiError ? update.error.fieldErrors : {};
  return (
    <form onSubmit={submit} noValidate>
      <PolicyFields draft={draft} change={change} isNew={false} refused={refused}>
        {isChanged && (
          <SaveBar isPending={update.isPending} onUndo={undo} isDisabled={Object.keys(faults).length > 0}>
            {licenses > 0 && (
              <Text size="sm">
                It holds at once for {licenses === 1 ? 'the licence' : `all ${licenses.toLocaleString()} licences`}{' '}
                under it. Expiries that are set already stay.
              </Text>
            )}
            {update.error && (
              <UpdateError
                error={update.error}
                target={`license_policy:${id}`}
                queryKey={policyKeys.one(id)}
                onReload={undo}
              />
            )}
          </SaveBar>
        )}
      </PolicyFields>
    </form>
  );
};

const PolicyNotFound = ({ id }: { id: string }) => (
  <>
    <PageHeader title="There is no such policy" />
    <EmptyState
      icon={IconLicenseOff}
      title={id}
      action={
        <RouterButton to="/license-policies" search={{}} variant="default">
          See all policies
        </RouterButton>
      }
    >
      No policy has this id. Policies are never deleted: the id may be incomplete.
    </EmptyState>
  </>
);
