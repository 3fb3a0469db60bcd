import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { clientKeys, createClient } from '../../../api/clients';
import { ApiError } from '../../../api/http';
import { idempotencyKey } from '../../../api/idempotency-key';
import { usePermission } from '../../../api/session';
import { RouterAnchor } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { ClientCreated } from './client-created';
import { checkName, checkScopes, DRAFT_FIELD, type Draft, type DraftErrors, emptyDraft, toRequest } from './draft';
import { NameStep } from './name-step';
import { ReviewStep } from './review-step';
import { ScopesStep } from './scopes-step';
import { WizardSteps } from './wizard-steps';

const route = getRouteApi('/signed-in/clients/actions/create');
const NAME = 0;
const SCOPES = 1;
const REVIEW = 2;
/** What the first step asks for. */
const FIRST = ['name', 'clientId', 'customerId', 'expiry', 'keys', 'keysUri'] as const;
const STEPS = [
  { name: 'Name', question: 'What is it, and how does it prove that?' },
  { name: 'Scopes', question: 'What may its tokens do?' },
  { name: 'Review', question: 'Is this right?' },
];

/** What the server refused, at the fields it came from. */
const errorsFrom = (error: ApiError): DraftErrors => {
  if (error.code === 'duplicate_client_id') return { clientId: 'is taken; choose another' };
  const fields = Object.entries(error.fieldErrors).map(([name, message]) => [DRAFT_FIELD[name], message]);
  return Object.fromEntries(fields.filter(([field]) => field !== undefined));
};

export const CreateClientPage = () => {
  const mayCreate = usePermission('clients:write');
  const queryClient = useQueryClient();
  const [step, setStep] = useState(NAME);
  const { customer = null } = route.useSearch();
  const [draft, setDraft] = useState<Draft>({ ...emptyDraft, customerId: customer });
  const [errors, setErrors] = useState<DraftErrors>({});
  const [key, setKey] = useState(idempotencyKey);

  const create = useMutation({
    mutationFn: () => createClient(toRequest(draft, new Date()), key),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: clientKeys.all }),
    onError: (error) => {
      const refused = error instanceof ApiError ? errorsFrom(error) : {};
      setErrors(refused);
      if (FIRST.some((field) => refused[field])) setStep(NAME);
      else if (refused.scopes) setStep(SCOPES);
    },
  });

  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    setErrors({});
    // Another content is another intent.
    setKey(idempotencyKey());
  };
  const goOn = (found: DraftErrors, next: number) => {
    setErrors(found);
    if (Object.keys(found).length === 0) setStep(next);
  };

  if (!mayCreate) return <MissingPermission permission="clients:write" />;
  if (create.data) return <ClientCreated client={create.data} />;
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/clients" search={{}} size="sm">
            ← Clients
          </RouterAnchor>
        }
        title="Create a client"
      />
      <WizardSteps steps={STEPS} current={step} onGoBack={setStep}>
        {step === NAME && (
          <NameStep
            draft={draft}
            errors={errors}
            onChange={change}
            onNext={() => goOn(checkName(draft, new Date()), SCOPES)}
          />
        )}
        {step === SCOPES && (
          <ScopesStep
            draft={draft}
            errors={errors}
            onChange={change}
            onBack={() => setStep(NAME)}
            onNext={() => goOn(checkScopes(draft), REVIEW)}
          />
        )}
        {step === REVIEW && (
          <ReviewStep
            draft={draft}
            onBack={() => setStep(SCOPES)}
            onCreate={() => create.mutate()}
            isPending={create.isPending}
            error={create.error}
          />
        )}
      </WizardSteps>
    </>
  );
};
