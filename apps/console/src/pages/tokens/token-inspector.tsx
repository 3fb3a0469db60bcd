import type { TokenInspection } from '@bastionary/contracts/tokens';
import { Button, Group, Stack, Textarea } from '@mantine/core';
import { IconFileSearch } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { inspectToken } from '../../api/tokens';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { PageHeader } from '../../ui/page-header';
import { InspectionResult } from './inspection-result';
import classes from './token-inspector.module.css';

/** The token lives in this page's memory and in the request to our own server; nowhere else. */
export const TokenInspectorPage = () => {
  const [text, setText] = useState('');
  const [result, setResult] = useState<{ token: string; inspection: TokenInspection } | null>(null);
  const inspect = useMutation({
    mutationFn: inspectToken,
    onSuccess: (inspection, inspected) => setResult({ token: inspected, inspection }),
    onError: () => setResult(null),
  });
  const token = text.trim().replace(/^Bearer\s+/i, '');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token) inspect.mutate(token);
  };
  const clear = () => {
    setText('');
    setResult(null);
    inspect.reset();
  };

  return (
    <>
      <PageHeader
        title="Token inspector"
        description="What is in a token, and why it is valid or not. It goes to this server only, and is not kept."
      />
      <Stack gap="lg">
        <form onSubmit={submit}>
          <Textarea
            label="Access token"
            placeholder="eyJ…"
            autosize
            minRows={3}
            maxRows={8}
            spellCheck={false}
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            classNames={{ input: classes.token ?? '' }}
          />
          <Group mt="sm" gap="xs">
            <Button type="submit" disabled={!token} loading={inspect.isPending}>
              Inspect
            </Button>
            {text && (
              <Button variant="default" onClick={clear}>
                Clear
              </Button>
            )}
          </Group>
        </form>
        {inspect.error && <ErrorAlert error={inspect.error} />}
        {result && <InspectionResult {...result} onChanged={() => inspect.mutate(result.token)} />}
        {!result && !inspect.error && (
          <EmptyState icon={IconFileSearch} title="Paste a token to look into it">
            You see its header and claims, each check in the order the server makes it, and the client it belongs to.
            You can revoke it here too.
          </EmptyState>
        )}
      </Stack>
    </>
  );
};
