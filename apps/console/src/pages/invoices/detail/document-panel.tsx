import type { Invoice } from '@bastionary/contracts/invoices';
import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { verificationQuery } from '../../../api/invoices';
import { CopyableId } from '../../../ui/copyable-id';
import { ErrorAlert } from '../../../ui/error-alert';
import { Panel } from '../../../ui/panel';

/** The hash that was stored when it was finalized, and whether what is stored today still has it. */
export const DocumentPanel = ({ invoice: { id, document_hash: hash } }: { invoice: Invoice }) => {
  const { data, error, refetch, isFetching } = useQuery(verificationQuery(id));
  return (
    <Panel title="Document">
      <Stack gap="sm" align="flex-start">
        <Text size="sm" c="dimmed">
          SHA-256 of the canonical JSON of the document as it was finalized. The database refuses to change it.
        </Text>
        {hash && <CopyableId id={hash} what="document hash" />}
        <Button size="xs" variant="default" onClick={() => refetch()} loading={isFetching}>
          Verify the document
        </Button>
        {error && <ErrorAlert error={error} />}
        {data && !error && (
          <Alert
            role="status"
            color={data.ok ? 'green' : 'red'}
            icon={data.ok ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
            title={data.ok ? 'It is what was finalized' : 'It is not what was finalized'}
          >
            {!data.ok && (
              <List size="sm">
                {data.differences.map(({ number, code, detail }) => (
                  <List.Item key={`${number} ${code}`}>
                    {number}: {detail}
                  </List.Item>
                ))}
              </List>
            )}
          </Alert>
        )}
      </Stack>
    </Panel>
  );
};
