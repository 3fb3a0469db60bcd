import { createLicensePolicyRequest } from '@bastionary/contracts/license-policies';
import { Button, Group, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { createPolicy, policyKeys } from '../../api/license-policies';
import { usePermission } from '../../api/session';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { useCreation } from '../../ui/use-creation';
import { emptyPolicy, type PolicyDraft, readTerms } from './policy-draft';
import { PolicyFields } from './policy-fields';

export const CreatePolicyPage = () => {
  const navigate = useNavigate();
  const mayWrite = usePermission('license_policies:write');
  const [draft, setDraft] = useState(emptyPolicy);
  const creation = useCreation({
    schema: createLicensePolicyRequest,
    create: createPolicy,
    stale: policyKeys.all,
    done: ({ name }) => `${name} is created.`,
    onCreated: ({ id }) => navigate({ to: '/license-policies/$policyId', params: { policyId: id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { terms, faults } = readTerms(draft);
    const { name, product, plan, scheme } = draft;
    creation.submit(
      {
        ...terms,
        name: name.trim(),
        scheme: (scheme || null) as 'ED25519_SIGN' | null,
        ...(product && { product }),
        ...(plan && { plan }),
      },
      faults,
    );
  };

  if (!mayWrite) return <MissingPermission permission="license_policies:write" />;
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/license-policies" search={{}} size="sm">
            ← Licence policies
          </RouterAnchor>
        }
        title="Create a policy"
        description="The defaults are those of a desktop program with signed keys, locked to one machine."
      />
      <form onSubmit={submit} noValidate>
        <PolicyFields
          draft={draft}
          change={(part: Partial<PolicyDraft>) => setDraft((before) => ({ ...before, ...part }))}
          isNew
          refused={creation.faults}
        >
          <Stack>
            {creation.error && <ErrorAlert error={creation.error} />}
            <Group justify="flex-end" gap="xs">
              <RouterButton to="/license-policies" search={{}} variant="default">
                Cancel
              </RouterButton>
              <Button type="submit" loading={creation.isPending}>
                Create the policy
              </Button>
            </Group>
          </Stack>
        </PolicyFields>
      </form>
    </>
  );
};
