import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

/** All rows of a list as it is filtered, not only those on this page. */
export const CsvButton = ({ href, label = 'CSV' }: { href: string; label?: string }) => (
  <Button component="a" href={href} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
    {label}
  </Button>
);
