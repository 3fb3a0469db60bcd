import type { ClientWithSecret } from '@bastionary/contracts/clients';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload, IconEye } from '@tabler/icons-react';
import { tokenCommand } from '../../api/curl';
import { Command } from '../../ui/command';
import { CopyButton } from '../../ui/copy-button';
import { CopyableId } from '../../ui/copyable-id';
import { Facts } from '../../ui/facts';
import classes from './secret-once.module.css';

type Props = { client: ClientWithSecret; issuer: string };

const environmentFile = ({ client_id, client_secret }: ClientWithSecret, issuer: string) =>
  `ISSUER_URL=${issuer}\nTOKEN_ENDPOINT=${issuer}/oauth2/token\nCLIENT_ID=${client_id}\nCLIENT_SECRET=${client_secret}\n`;

const download = (fileName: string, content: string) => {
  const address = URL.createObjectURL(new Blob([content], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
};

/** The secret, the only time that it can be seen. */
export const SecretOnce = ({ client, issuer }: Props) => (
  <Stack>
    <Alert color="orange" icon={<IconEye aria-hidden />} title="The secret is shown only now">
      Bastionary keeps nothing it could show again. Put it where your program reads its secrets.
    </Alert>
    {client.warnings.map(({ code, message }) => (
      <Alert key={code} color="orange" title="Please note">
        {message}
      </Alert>
    ))}
    <Facts
      facts={[
        ['Client id', <CopyableId key="id" id={client.client_id} what="client id" />],
        [
          'Client secret',
          <code key="secret" className={classes.secret} data-testid="client-secret">
            {client.client_secret}
          </code>,
        ],
      ]}
    />
    <Group gap="xs">
      <CopyButton value={client.client_secret} label="Copy the secret" />
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => download(`${client.client_id}.env`, environmentFile(client, issuer))}
      >
        Download .env
      </Button>
    </Group>
    <div>
      <Text size="sm" fw={600} mb={6}>
        Get a token with it
      </Text>
      <Command
        label="Command with the secret"
        command={tokenCommand(issuer, { clientId: client.client_id, secret: client.client_secret })}
      />
    </div>
  </Stack>
);
