import { Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { usePermission } from '../../api/session';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { Answer } from './answer';
import { type ExplainSearch, toRequest } from './explain-search';
import { QuestionForm } from './question-form';

const route = getRouteApi('/signed-in/explain');

export const ExplainPage = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayAsk = usePermission('explain:read');
  const request = toRequest(search);

  if (!mayAsk) return <MissingPermission permission="explain:read" />;
  return (
    <>
      <PageHeader
        title="Explain"
        description="Why a request is allowed or refused: every fact that counts, in order, and the smallest change that would turn a no. The address of this page asks the same question again."
      />
      <Stack gap="lg">
        <Panel title="The question">
          <QuestionForm
            // Remade when the address changes without it: a link, or back.
            key={JSON.stringify(search)}
            search={search}
            onAsk={(asked: ExplainSearch) => navigate({ search: asked })}
          />
        </Panel>
        {request && <Answer key={JSON.stringify(request)} request={request} />}
      </Stack>
    </>
  );
};
