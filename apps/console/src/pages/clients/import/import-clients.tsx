import type { BulkFormat, BulkImportResult } from '@bastionary/contracts/bulk';
import { Alert, Button, FileButton, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { importClients } from '../../../api/bulk';
import { clientKeys } from '../../../api/clients';
import { usePermission } from '../../../api/session';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { Panel } from '../../../ui/panel';
import { toast } from '../../../ui/toast';
import classes from './import-clients.module.css';
import { ImportOutcome } from './import-outcome';

const FORMATS = [
  { value: 'json', label: 'JSON' },
  { value: 'csv', label: 'CSV' },
];

const EXAMPLES: Record<BulkFormat, string> = {
  json: '{"clients":[{"client_id":"nightly-export","name":"Nightly export","scopes":["read"]}]}',
  csv: 'client_id,name,scopes\nnightly-export,Nightly export,read write',
};

/** A JSON text begins with a bracket, a CSV text never. */
const formatOf = (text: string): BulkFormat => (/^\s*[[{]/.test(text) ? 'json' : 'csv');

/** First what would happen, row by row; nothing changes before that was looked at. */
export const ImportClientsPage = () => {
  const mayWrite = usePermission('clients:write');
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const [format, setFormat] = useState<BulkFormat>('json');
  const [result, setResult] = useState<BulkImportResult | null>(null);
  const send = useMutation({
    mutationFn: (isDryRun: boolean) => importClients(text, format, isDryRun),
    onSuccess: async (answer) => {
      setResult(answer);
      if (!answer.applied) return;
      toast('The import is done.');
      await queryClient.invalidateQueries({ queryKey: clientKeys.all });
    },
    onError: () => setResult(null),
  });

  const change = (typed: string, guessed?: BulkFormat) => {
    setText(typed);
    if (guessed) setFormat(guessed);
    setResult(null);
    send.reset();
  };
  const read = async (file: File | null) => {
    if (!file) return;
    const content = await file.text();
    change(content, formatOf(content));
  };
  const check = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) send.mutate(true);
  };

  if (!mayWrite) return <MissingPermission permission="clients:write" />;
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/clients" search={{}} size="sm">
            ← Clients
          </RouterAnchor>
        }
        title="Import clients"
        description="Creates clients that are not there and changes those that are. What is not in the file is left alone."
      />
      <Stack gap="lg">
        <Panel title="What to import">
          <form onSubmit={check}>
            <Stack>
              <Group justify="space-between" gap="sm">
                <SegmentedControl
                  aria-label="Format"
                  data={FORMATS}
                  value={format}
                  onChange={(value) => {
                    setFormat(value as BulkFormat);
                    setResult(null);
                  }}
                />
                <FileButton onChange={read} accept=".json,.csv,application/json,text/csv">
                  {(props) => (
                    <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} {...props}>
                      Choose a file
                    </Button>
                  )}
                </FileButton>
              </Group>
              <Textarea
                label="Clients"
                description="The fields are those of the API; an export of this page can be imported again."
                placeholder={EXAMPLES[format]}
                autosize
                minRows={6}
                maxRows={16}
                spellCheck={false}
                value={text}
                onChange={(event) => change(event.currentTarget.value)}
                onPaste={(event) => {
                  if (text === '') setFormat(formatOf(event.clipboardData.getData('text')));
                }}
                classNames={{ input: classes.text ?? '' }}
              />
              <Group gap="xs">
                <Button type="submit" disabled={!text.trim()} loading={send.isPending && !result}>
                  Check what would happen
                </Button>
              </Group>
            </Stack>
          </form>
        </Panel>
        {send.error && <ErrorAlert error={send.error} />}
        {result && <ImportOutcome result={result} />}
        {result && !result.applied && (
          <Group justify="space-between" gap="sm" className={classes.apply}>
            <Text size="sm" c="dimmed">
              {result.failed > 0
                ? 'Correct the rows that are refused first: an import happens as a whole or not at all.'
                : 'Nothing has changed yet.'}
            </Text>
            <Button
              disabled={result.failed > 0 || result.created + result.updated === 0}
              loading={send.isPending}
              onClick={() => send.mutate(false)}
            >
              {applyLabel(result)}
            </Button>
          </Group>
        )}
        {result?.applied && result.results.some(({ client_secret }) => client_secret) && (
          <Alert color="orange" title="The secrets are shown only now">
            Download or copy them before you leave this page: Bastionary keeps nothing it could show again.
          </Alert>
        )}
      </Stack>
    </>
  );
};

const applyLabel = ({ created, updated }: BulkImportResult) =>
  created + updated === 0
    ? 'Nothing to import'
    : `Import: ${[created && `create ${created}`, updated && `change ${updated}`].filter(Boolean).join(', ')}`;
