/** Of an object in JSON, by the names in it. */
type Held = Readonly<Record<string, unknown>>;
export const isPlainObject = (value: unknown): value is Held =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export type ReadData =
  | { readonly ok: true; readonly text: string | null }
  | { readonly ok: false; readonly reason: string };

/** What every value of `data` is looked at with. */
interface Look {
  readonly depthMax: number;
  /** Whether some object has its names in another order than that of their code units. */
  unordered: boolean;
  fault: string | null;
}

/**
 * `data` of an event as canonical JSON: what the database takes and meters can measure exactly.
 * @param value of a parsed JSON text; a number that it could not hold exactly is NaN (exact-numbers)
 */
export function readData(
  value: unknown,
  { dataBytesMax, depthMax }: { dataBytesMax: number; depthMax: number },
): ReadData {
  if (value === undefined || value === null) return { ok: true, text: null };
  if (!isPlainObject(value)) return { ok: false, reason: 'data: must be an object' };
  const look: Look = { depthMax, unordered: false, fault: null };
  lookAt(value, 1, look);
  if (look.fault !== null) return { ok: false, reason: `data: ${look.fault}` };
  const text = JSON.stringify(look.unordered ? ordered(value) : value);
  if (text.length > dataBytesMax || (text.length * 3 > dataBytesMax && Buffer.byteLength(text) > dataBytesMax)) {
    return { ok: false, reason: `data: is larger than ${dataBytesMax} bytes` };
  }
  return { ok: true, text };
}

function lookAt(value: unknown, depth: number, look: Look): void {
  if (typeof value === 'string') lookAtText(value, look);
  else if (typeof value === 'number') lookAtNumber(value, look);
  else if (typeof value === 'object' && value !== null) {
    if (depth > look.depthMax) look.fault = `is nested deeper than ${look.depthMax}`;
    else if (Array.isArray(value)) for (const item of value) lookAt(item, depth + 1, look);
    else lookAtNames(value as Held, depth, look);
  }
}

function lookAtNames(value: Held, depth: number, look: Look): void {
  let last = '';
  for (const name of Object.keys(value)) {
    if (name < last) look.unordered = true;
    last = name;
    lookAtText(name, look);
    lookAt(value[name], depth + 1, look);
    if (look.fault !== null) return;
  }
}

// PostgreSQL keeps neither in jsonb.
function lookAtText(text: string, look: Look): void {
  if (text.includes('\0') || !text.isWellFormed()) look.fault = 'has a NUL or a lone surrogate in a text';
}

function lookAtNumber(value: number, look: Look): void {
  if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) {
    look.fault = 'has a number that cannot be kept exactly (beyond 2^53, or with too many digits); send it as a text';
  }
}

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, ordered(value[name])]),
  );
};
