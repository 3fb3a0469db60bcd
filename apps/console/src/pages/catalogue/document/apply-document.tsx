import type { CatalogueOutcome } from '@bastionary/contracts/catalogue';
import { Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { catalogueKeys, putCatalogue } from '../../../api/catalogue';
import { Panel } from '../../../ui/panel';
import { toast } from '../../../ui/toast';
import { DocumentOutcome } from './document-outcome';
import { DocumentRefused } from './document-refused';
import classes from './document-tab.module.css';

/** What the browser says about a text that is no JSON; null if it is. */
const syntaxFault = (text: string): string | null => {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
};

const countWords = (count: number) => (count === 1 ? 'Apply one change' : `Apply ${count.toLocaleString()} changes`);

/** First what would change and for whom; nothing changes before that was looked at. */
export const ApplyDocument = ({ current }: { current: string }) => {
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<CatalogueOutcome | null>(null);
  const put = useMutation({
    mutationFn: (isDryRun: boolean) => putCatalogue(text, isDryRun),
    onSuccess: async (answer) => {
      setOutcome(answer);
      if (!answer.applied) return;
      toast('The catalogue says what the document says.');
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
    },
    onError: () => setOutcome(null),
  });

  const change = (typed: string) => {
    setText(typed);
    setFault(null);
    setOutcome(null);
    put.reset();
  };
  const check = (event: FormEvent) => {
    event.preventDefault();
    const found = syntaxFault(text);
    setFault(found);
    if (found === null) put.mutate(true);
  };

  return (
    <>
      <Panel title="Change it by a document">
        <form onSubmit={check} noValidate>
          <Stack>
            <Text size="sm" c="dimmed" maw="46rem">
              What the document does not name stays as it is, and nothing is ever deleted. What is published changes by
              a new version only.
            </Text>
            <Textarea
              label="Document"
              placeholder={'{"features":[…],"plans":[…]}'}
              autosize
              minRows={6}
              maxRows={18}
              spellCheck={false}
              value={text}
              onChange={(event) => change(event.currentTarget.value)}
              error={fault}
              classNames={{ input: classes.input ?? '' }}
            />
            <Group gap="xs">
              <Button type="submit" disabled={!text.trim()} loading={put.isPending && !outcome}>
                Check what would change
              </Button>
              <Button variant="default" onClick={() => change(current)}>
                Begin with what there is
              </Button>
              <FileButton
                onChange={async (file) => {
                  if (file) change(await file.text());
                }}
                accept=".json,application/json"
              >
                {(props) => (
                  <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} {...props}>
                    Choose a file
                  </Button>
                )}
              </FileButton>
            </Group>
          </Stack>
        </form>
      </Panel>
      {put.error && <DocumentRefused error={put.error} text={text} />}
      {outcome && <DocumentOutcome outcome={outcome} />}
      {outcome && !outcome.applied && outcome.changes.length > 0 && (
        <Group justify="space-between" gap="sm" className={classes.apply}>
          <Text size="sm" c="dimmed">
            Nothing has changed yet.
          </Text>
          <Button loading={put.isPending} onClick={() => put.mutate(false)}>
            {countWords(outcome.changes.length)}
          </Button>
        </Group>
      )}
    </>
  );
};
