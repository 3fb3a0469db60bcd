import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { catalogueDocumentQuery } from '../../../api/catalogue';
import { catalogueCommand } from '../../../api/curl';
import { usePermission } from '../../../api/session';
import { Command } from '../../../ui/command';
import { CopyButton } from '../../../ui/copy-button';
import { download } from '../../../ui/download';
import { ErrorAlert } from '../../../ui/error-alert';
import { Panel } from '../../../ui/panel';
import { ApplyDocument } from './apply-document';
import classes from './document-tab.module.css';

/** The catalogue as one document: to be kept beside the code, reviewed there, and brought back. */
export const DocumentTab = () => {
  const mayWrite = usePermission('catalogue:write');
  const { data: text, error, refetch } = useQuery(catalogueDocumentQuery);
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (text === undefined) return <Skeleton height={320} radius="lg" />;
  return (
    <Stack gap="lg">
      <Panel title="The catalogue as it is">
        <Group gap="xs" mb="sm">
          <CopyButton value={text} label="Copy" />
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => download('catalogue.json', text, 'application/json')}
          >
            Download
          </Button>
        </Group>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <section className={classes.scroll} tabIndex={0} aria-label="The catalogue as a document">
          <pre className={classes.text}>{text}</pre>
        </section>
      </Panel>
      {mayWrite && <ApplyDocument current={text} />}
      <Panel title="The same from a pipeline">
        <Stack gap="sm">
          <Text size="sm" c="dimmed" maw="46rem">
            This shows what the document would change. Without dry_run it is applied, in one transaction. Applied again
            it changes nothing.
          </Text>
          <Command label="Check a document" command={catalogueCommand(window.location.origin)} />
        </Stack>
      </Panel>
    </Stack>
  );
};
