import type { Feature } from '@bastionary/contracts/entitlements';
import type { Plan, PlanVersion, PlanVersionContent } from '@bastionary/contracts/plans';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { catalogueKeys, editDraft, planVersionQuery } from '../../../api/catalogue';
import { NumberField } from '../../../ui/number-field';
import { Panel } from '../../../ui/panel';
import { SaveBar } from '../../../ui/save-bar';
import { toast } from '../../../ui/toast';
import { useDraft } from '../../../ui/use-draft';
import { UpdateError } from '../../audit/update-error';
import { Comparison } from './comparison';
import { type ContentDraft, type ContentFaults, readContent, refusedContent, writeContent } from './content-draft';
import classes from './draft-editor.module.css';
import { FeatureGrants } from './feature-grants';
import { PriceCalculator } from './price-calculator';
import { PriceRows } from './price-rows';
import { PublishDialog } from './publish-dialog';
import { RetireDialog } from './retire-dialog';

type Props = { plan: Plan; version: PlanVersion; etag: string; features: Feature[]; against: string | undefined };

/** What a draft grants and costs, with what is another than in the version before it while it is written. */
export const DraftEditor = ({ plan, version, etag, features, against }: Props) => {
  const queryClient = useQueryClient();
  const typeOf = (key: string) => features.find((feature) => feature.key === key)?.type ?? 'value';
  const form = useDraft(readContent(version, typeOf), etag);
  const [typed, setTyped] = useState<ContentFaults>({});
  const [dialog, setDialog] = useState<'publish' | 'discard' | null>(null);
  const save = useMutation({
    mutationFn: (body: PlanVersionContent) => editDraft(plan.key, version.version, form.etag, body),
    onSuccess: async (saved) => {
      queryClient.setQueryData(planVersionQuery(plan.key, version.version).queryKey, saved);
      form.reset();
      toast('The draft is saved.');
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
    },
  });
  const faults = { ...refusedContent(save.error, form.draft), ...typed };
  const written = writeContent(form.draft);

  const change = (part: Partial<ContentDraft>) => {
    setTyped({});
    save.reset();
    form.change(part);
  };
  const undo = () => {
    form.reset();
    save.reset();
    setTyped({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTyped('faults' in written ? written.faults : {});
    if ('body' in written && form.isChanged) save.mutate(written.body);
  };

  return (
    <>
      <form onSubmit={submit} noValidate className={classes.form}>
        <Panel
          title={`Version ${version.version}, a draft`}
          aside={
            <Group gap="xs" wrap="nowrap">
              <Button size="xs" variant="default" onClick={() => setDialog('discard')}>
                Discard
              </Button>
              <Button size="xs" onClick={() => setDialog('publish')} disabled={form.isChanged}>
                Publish
              </Button>
            </Group>
          }
        >
          <Text size="sm" c="dimmed" maw="46rem">
            Nobody has it and nobody can buy it before it is published; then it never changes again.
            {form.isChanged && ' Save the changes before you publish it.'}
          </Text>
        </Panel>
        <Panel title="Features">
          <FeatureGrants
            features={features}
            granted={form.draft.features}
            onChange={(granted) => change({ features: granted })}
            faults={faults}
          />
        </Panel>
        <Panel title="Prices">
          <Stack align="stretch">
            <div>
              <PriceRows prices={form.draft.prices} onChange={(prices) => change({ prices })} faults={faults} />
            </div>
            <div className={classes.trial}>
              <NumberField
                label="Trial in days"
                description="0: none. A subscription may say otherwise."
                value={form.draft.trialDays}
                onChange={(trialDays) => change({ trialDays })}
                error={faults.trial_days}
              />
            </div>
          </Stack>
        </Panel>
        <PriceCalculator content={'body' in written ? written.body : null} />
        <Comparison plan={plan} version={version} against={against} content={'body' in written ? written.body : null} />
        {form.isChanged && (
          <SaveBar isPending={save.isPending} onUndo={undo} label="Save the draft">
            {save.error && (
              <UpdateError
                error={save.error}
                target={`plan:${plan.key}`}
                queryKey={catalogueKeys.plan(plan.key)}
                onReload={undo}
              />
            )}
          </SaveBar>
        )}
      </form>
      {/* Outside of the form: what is sent in a dialog is not to be sent by it too. */}
      {dialog === 'publish' && <PublishDialog plan={plan} version={version} onClose={() => setDialog(null)} />}
      {dialog === 'discard' && <RetireDialog plan={plan} version={version} onClose={() => setDialog(null)} />}
    </>
  );
};
