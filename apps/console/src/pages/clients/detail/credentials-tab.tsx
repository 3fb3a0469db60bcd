import type { Client } from '@bastionary/contracts/clients';
import { Alert, Stack, Text } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import { columnsFor, DataTable } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/empty-state';
import { Time } from '../../../ui/time';

type Credential = Client['credentials'][number];
const column = columnsFor<Credential>();

const columns = column.columns([
  column.accessor('hint', { header: 'Secret', cell: ({ row }) => <code>{row.original.hint}</code> }),
  column.accessor('kind', { header: 'Kind' }),
  column.accessor('generated', {
    header: 'Origin',
    cell: ({ row }) => (row.original.generated ? 'generated, 256 bits' : 'chosen by the caller'),
  }),
  column.accessor('created_at', {
    header: 'Created',
    cell: ({ row }) => <Time value={row.original.created_at} as="date-time" />,
  }),
]);

export const CredentialsTab = ({ client }: { client: Client }) => {
  if (client.credentials.length === 0) {
    return (
      <EmptyState icon={IconKeyOff} title="No credential">
        Without one this client cannot prove who it is. Rotate the secret to make one.
      </EmptyState>
    );
  }
  return (
    <Stack>
      {client.credentials.some(({ generated }) => !generated) && (
        <Alert color="orange" title="This secret was chosen, not generated">
          A chosen secret may be guessable or used elsewhere. Rotate it to have a random one.
        </Alert>
      )}
      <DataTable caption="Credentials" columns={columns} rows={client.credentials} rowId={({ id }) => id} />
      <Text size="sm" c="dimmed">
        Only a hint is kept for you to recognise a secret by. A lost secret cannot be shown again; rotate it.
      </Text>
    </Stack>
  );
};
