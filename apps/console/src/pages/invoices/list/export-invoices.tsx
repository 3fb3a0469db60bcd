import { getRouteApi } from '@tanstack/react-router';
import { invoicesCsv } from '../../../api/invoices';
import { CsvButton } from '../../../ui/csv-button';
import { filterOf } from './invoice-views';

const route = getRouteApi('/signed-in/invoices');

export const ExportInvoices = () => {
  const { cursor: _, ...filter } = filterOf(route.useSearch());
  return <CsvButton href={invoicesCsv(filter)} />;
};
