import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { invoicesCsv } from '../../../api/invoices';
import { filterOf } from './invoice-views';

const route = getRouteApi('/signed-in/invoices');

/** All rows of the list as it is filtered, not only those on this page. */
export const ExportInvoices = () => {
  const { cursor: _, ...filter } = filterOf(route.useSearch());
  return (
    <Button
      component="a"
      href={invoicesCsv(filter)}
      download
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      CSV
    </Button>
  );
};
