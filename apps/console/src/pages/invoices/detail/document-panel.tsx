import type { Invoice } from '@bastionary/contracts/invoices';
import { Stack, Text } from '@mantine/core';
import { CopyableId } from '../../../ui/copyable-id';
import { Panel } from '../../../ui/panel';

/** The hash that was stored when it was finalized. */
export const DocumentPanel = ({ invoice: { document_hash: hash } }: { invoice: Invoice }) => (
  <Panel title="Document">
    <Stack gap="sm" align="flex-start">
      <Text size="sm" c="dimmed">
        SHA-256 of the canonical JSON of the document as it was finalized. The database refuses to change it.
      </Text>
      {hash && <CopyableId id={hash} what="document hash" />}
    </Stack>
  </Panel>
);
