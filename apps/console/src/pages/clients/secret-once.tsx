import type { Warning } from '@bastionary/contracts/clients';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload, IconEye } from '@tabler/icons-react';
import { tokenCommand } from '../../api/curl';
import { Command } from '../../ui/command';
import { CopyButton } from '../../ui/copy-button';
import { CopyableId } from '../../ui/copyable-id';
import { download } from '../../ui/download';
import { Facts } from '../../ui/facts';
import classes from './secret-once.module.css';

type Props = { clientId: string; secret: string; warnings?: Warning[]; issuer: string };

const environmentFile = (clientId: string, secret: string, issuer: string) =>
  `ISSUER_URL=${issuer}\nTOKEN_ENDPOINT=${issuer}/oauth2/token\nCLIENT_ID=${clientId}\nCLIENT_SECRET=${secret}\n`;

/** The secret, the only time that it can be seen. */
export const SecretOnce = ({ clientId, secret, warnings = [], issuer }: Props) => (
  <Stack>
    <Alert color="orange" icon={<IconEye aria-hidden />} title="The secret is shown only now">
      Bastionary keeps nothing it could show again. Put it where your program reads its secrets.
    </Alert>
    {warnings.map(({ code, message }) => (
      <Alert key={code} color="orange" title="Please note">
        {message}
      </Alert>
    ))}
    <Facts
      facts={[
        ['Client id', <CopyableId key="id" id={clientId} what="client id" />],
        [
          'Client secret',
          <code key="secret" className={classes.secret} data-testid="client-secret">
            {secret}
          </code>,
        ],
      ]}
    />
    <Group gap="xs">
      <CopyButton value={secret} label="Copy the secret" />
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => download(`${clientId}.env`, environmentFile(clientId, secret, issuer))}
      >
        Download .env
      </Button>
    </Group>
    <div>
      <Text size="sm" fw={600} mb={6}>
        Get a token with it
      </Text>
      <Command label="Command with the secret" command={tokenCommand(issuer, { clientId, secret })} />
    </div>
  </Stack>
);
