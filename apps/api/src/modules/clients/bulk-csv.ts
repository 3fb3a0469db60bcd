import type { BulkClientView } from '@bastionary/contracts/bulk';
import { harmlessCell, textOfCell } from '@bastionary/oauth/rules/csv-cell';
import { AppError } from '@bastionary/platform/app-error';
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

type Field = keyof BulkClientView;

// How each field stands in a cell. Lists are separated by spaces, which none of their items can have; objects are JSON.
const COLUMNS = {
  client_id: 'text',
  name: 'text',
  scopes: 'list',
  expiry: 'text',
  status: 'text',
  grant_types: 'list',
  token_endpoint_auth_method: 'text',
  jwks: 'json',
  jwks_uri: 'text',
  dpop_bound_access_tokens: 'json',
  access_token_format: 'text',
  access_token_ttl: 'json',
  refresh_token_ttl: 'json',
  resources: 'list',
  legacy_assertion_audience: 'json',
  allowed_addresses: 'list',
  rate_limit: 'json',
  token_quota: 'json',
  environment: 'text',
} as const satisfies Record<Field, 'text' | 'list' | 'json'>;

const FIELDS = Object.keys(COLUMNS) as Field[];

// What an empty cell says. In the others it says nothing: the field stays as it is.
const EMPTY: Partial<Record<Field, null | readonly string[]>> = {
  expiry: null,
  token_endpoint_auth_method: null,
  jwks: null,
  jwks_uri: null,
  access_token_format: null,
  access_token_ttl: null,
  refresh_token_ttl: null,
  resources: null,
  allowed_addresses: [],
  rate_limit: null,
  token_quota: null,
  environment: null,
};

const ROW_BYTES_MAX = 65_536;

/** RFC 4180 with a header. No cell of it is taken for a formula. */
export function toCsv(clients: readonly BulkClientView[]): string {
  const rows = clients.map((client) => FIELDS.map((field) => toCell(client[field])));
  return stringify([FIELDS, ...rows], { record_delimiter: 'windows' });
}

function toCell(value: BulkClientView[Field]): string {
  if (value === null) return '';
  if (typeof value === 'string') return harmlessCell(value);
  return Array.isArray(value) ? harmlessCell(value.join(' ')) : JSON.stringify(value);
}

/**
 * The rows of a CSV in the form of the JSON import; whether their values are right is another question.
 * @throws AppError invalid_request if it is no CSV with a header of known columns, client_id among them
 */
export function fromCsv(csv: string): Record<string, unknown>[] {
  let records: string[][];
  try {
    records = parse(csv, {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      max_record_size: ROW_BYTES_MAX,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? ` in line ${error.lines}` : '';
    throw new AppError('invalid_request', `The CSV is malformed${line}: ${error.code}.`, { cause: error });
  }
  const [header = [], ...rows] = records;
  checkHeader(header);
  if (rows.length === 0) throw new AppError('invalid_request', 'The CSV has a header and no row after it.');
  return rows.map((cells) =>
    Object.fromEntries(
      cells.flatMap((cell, index) => {
        const field = header[index] as Field;
        const value = fromCell(field, cell);
        return value === undefined ? [] : [[field, value]];
      }),
    ),
  );
}

function checkHeader(header: readonly string[]): void {
  const faults = header.flatMap((name, index) => {
    const at = { path: `/header/${index}` };
    if (!Object.hasOwn(COLUMNS, name)) {
      return [{ ...at, code: 'unknown_field', message: `${name || 'An empty name'} is no column of clients` }];
    }
    if (header.indexOf(name) < index) return [{ ...at, code: 'repeated', message: `${name} stands there twice` }];
    return [];
  });
  if (!header.includes('client_id')) {
    faults.push({ path: '/header', code: 'required', message: 'The column client_id is missing' });
  }
  if (faults.length > 0) throw new AppError('invalid_request', `The header: ${faults[0]?.message}.`, { faults });
}

function fromCell(field: Field, cell: string): unknown {
  if (cell === '') return EMPTY[field];
  const kind = COLUMNS[field];
  if (kind === 'json') return parsed(cell);
  const text = textOfCell(cell);
  return kind === 'text' ? text : text.split(' ').filter((item) => item !== '');
}

// What is no JSON is left to the schema, which says what it should have been.
function parsed(cell: string): unknown {
  try {
    return JSON.parse(cell.toLowerCase() === 'true' || cell.toLowerCase() === 'false' ? cell.toLowerCase() : cell);
  } catch {
    return cell;
  }
}
