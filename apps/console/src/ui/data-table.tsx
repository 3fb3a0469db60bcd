import { Skeleton, Table } from '@mantine/core';
import { type ColumnDef, createColumnHelper, type RowData, tableFeatures, useTable } from '@tanstack/react-table';
import { Fragment, type ReactNode } from 'react';
import classes from './data-table.module.css';

const features = tableFeatures({});
const NO_ROWS: never[] = [];

/** Column definitions for rows of one kind; make them at module scope, they must not change between renders. */
export const columnsFor = <Row extends RowData>() => createColumnHelper<typeof features, Row>();

type Props<Row extends RowData> = {
  caption: string;
  // biome-ignore lint/suspicious/noExplicitAny: each column has a value type of its own
  columns: ColumnDef<typeof features, Row, any>[];
  /** Undefined while they are being loaded. */
  rows: Row[] | undefined;
  rowId: (row: Row) => string;
  /** Ids of the columns that hold numbers: they stand right-aligned. */
  numeric?: readonly string[];
  /** What stands below a row, across all columns; null for nothing. */
  detail?: (row: Row) => ReactNode;
};

/** A table that becomes a list of cards where it is too narrow; the roles keep it a table for screen readers then. */
export const DataTable = <Row extends RowData>({ caption, columns, rows, rowId, numeric, detail }: Props<Row>) => {
  const table = useTable({ features, columns, data: rows ?? NO_ROWS, getRowId: rowId });
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const isNumeric = (column: string) => numeric?.includes(column) || undefined;

  return (
    <div className={classes.frame} aria-busy={rows === undefined}>
      <Table role="table" aria-label={caption} verticalSpacing="sm" horizontalSpacing="md" className={classes.table}>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {headers.map((header) => (
              <Table.Th key={header.id} role="columnheader" scope="col" data-numeric={isNumeric(header.column.id)}>
                <table.FlexRender header={header} />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {rows === undefined && <SkeletonRows columns={headers.length} />}
          {table.getRowModel().rows.map((row) => {
            const below = detail?.(row.original);
            return (
              <Fragment key={row.id}>
                <Table.Tr role="row" data-open={below ? true : undefined}>
                  {row.getAllCells().map((cell) => (
                    <Table.Td
                      key={cell.id}
                      role="cell"
                      data-label={cell.column.columnDef.header}
                      data-numeric={isNumeric(cell.column.id)}
                    >
                      <table.FlexRender cell={cell} />
                    </Table.Td>
                  ))}
                </Table.Tr>
                {below && (
                  <Table.Tr role="row">
                    <Table.Td role="cell" colSpan={headers.length} className={classes.detail}>
                      {below}
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
};

const SkeletonRows = ({ columns }: { columns: number }) =>
  Array.from({ length: 5 }, (_, row) => (
    <Table.Tr role="row" key={row}>
      {Array.from({ length: columns }, (_, column) => (
        <Table.Td role="cell" key={column}>
          <Skeleton height={14} my={5} width={column === 0 ? '70%' : '45%'} />
        </Table.Td>
      ))}
    </Table.Tr>
  ));
