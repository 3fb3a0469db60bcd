import { Button, Stack } from '@mantine/core';
import { IconPencil, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
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
  const queryClient = useQueryClient();
  const [isEditing, setEditing] = useState(false);
  const request = toRequest(search);
  const askAgain = () => queryClient.invalidateQueries({ queryKey: ['explain'] });

  if (!mayAsk) return <MissingPermission permission="explain:read" />;
  return (
    <>
      <PageHeader
        title="Explain"
        description="Why something is allowed or refused: every fact that counts, in order, and the smallest change that would turn a no. The address of this page asks the same question again."
        actions={
          request &&
          !isEditing && (
            <>
              <Button
                variant="default"
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => setEditing(true)}
              >
                Change the question
              </Button>
              <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={askAgain}>
                Ask again
              </Button>
            </>
          )
        }
      />
      <Stack gap="lg">
        {(!request || isEditing) && (
          <Panel title="The question">
            <QuestionForm
              // Remade when the address changes without it: a link, or back.
              key={JSON.stringify(search)}
              search={search}
              onAsk={async (asked: ExplainSearch) => {
                await navigate({ search: asked });
                setEditing(false);
                await askAgain();
              }}
            />
          </Panel>
        )}
        {request && <Answer key={JSON.stringify(request)} request={request} />}
      </Stack>
    </>
  );
};
