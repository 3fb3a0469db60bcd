/** An IPv4 or IPv6 address as a number. An IPv4 address written in IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** The addresses whose first `length` bits are those of `bits`. */
export interface AddressRange extends Address {
  readonly length: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;
const DECIMAL_BYTE = /^(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
const PREFIX = /^(0|[1-9]\d{0,2})$/;

/** Reads an address; a zone id (`%eth0`, RFC 4007) is dropped. Null for anything else, such as octal or hexadecimal IPv4. */
export function parseAddress(text: string): Address | null {
  if (!text.includes(':')) return parseIPv4(text);
  const bits = parseIPv6(text.replace(/%[^%/\s]+$/, ''));
  if (bits === null) return null;
  // RFC 4291 §2.5.5.2
  return bits >> 32n === 0xffffn ? { family: 4, bits: bits & 0xffff_ffffn } : { family: 6, bits };
}

function parseIPv4(text: string): Address | null {
  const bytes = text.split('.');
  if (bytes.length !== 4 || !bytes.every((byte) => DECIMAL_BYTE.test(byte) && Number(byte) <= 255)) return null;
  return { family: 4, bits: bytes.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n) };
}

// RFC 4291 §2.2: eight groups, one run of zeros as `::`, the last two groups perhaps as IPv4.
function parseIPv6(text: string): bigint | null {
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const last = halves.at(-1) ?? [];
  const embedded = last.at(-1)?.includes('.') ? parseIPv4(last.pop() ?? '') : undefined;
  if (embedded === null) return null;
  if (embedded !== undefined) last.push((embedded.bits >> 16n).toString(16), (embedded.bits & 0xffffn).toString(16));
  const [head = [], tail] = halves;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length > 2 || (tail === undefined ? missing !== 0 : missing < 1)) return null;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...(tail ?? [])];
  if (!groups.every((group) => GROUP.test(group))) return null;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or a single address. Null if it is none, or has bits beyond its prefix. */
export function parseRange(text: string): AddressRange | null {
  const range = readRange(text);
  return range !== null && range.bits === networkBits(range, range.length) ? range : null;
}

/** What is wrong with the text of a range, with the way to mend it; undefined if nothing is. */
export function rangeFault(text: string): string | undefined {
  const range = readRange(text);
  if (range === null) return 'must be an IPv4 or IPv6 address, or a CIDR range such as 192.0.2.0/24 or 2001:db8::/32';
  const meant = { ...range, bits: networkBits(range, range.length) };
  return meant.bits === range.bits ? undefined : `has bits beyond its prefix; did you mean ${formatRange(meant)}?`;
}

function readRange(text: string): AddressRange | null {
  const slash = text.indexOf('/');
  const written = slash === -1 ? text : text.slice(0, slash);
  // A zone means something on one machine only.
  if (written.includes('%')) return null;
  const address = parseAddress(written);
  if (address === null) return null;
  if (slash === -1) return { ...address, length: WIDTH[address.family] };
  const prefix = text.slice(slash + 1);
  const isMapped = address.family === 4 && written.includes(':');
  const length = Number(prefix) - (isMapped ? 96 : 0);
  if (!PREFIX.test(prefix) || length < 0 || length > WIDTH[address.family]) return null;
  return { ...address, length };
}

function networkBits({ family, bits }: Address, length: number): bigint {
  const host = BigInt(WIDTH[family] - length);
  return (bits >> host) << host;
}

export const contains = (range: AddressRange, address: Address): boolean =>
  range.family === address.family && networkBits(address, range.length) === range.bits;

/** Whether an address may come in. An empty list allows all; what is no address is in no list. */
export function isAllowed(ranges: readonly AddressRange[], address: Address | null): boolean {
  return ranges.length === 0 || (address !== null && ranges.some((range) => contains(range, address)));
}

/** As RFC 5952 writes it: lower case, no leading zeros, the longest run of zeros as `::`. */
export function formatAddress({ family, bits }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const [run] = [...groups.join(':').matchAll(/\b0(?::0)+\b/g)].toSorted((a, b) => b[0].length - a[0].length);
  if (run === undefined) return groups.join(':');
  const text = run.input;
  return `${text.slice(0, run.index).replace(/:$/, '')}::${text.slice(run.index + run[0].length).replace(/^:/, '')}`;
}

export const formatRange = (range: AddressRange): string =>
  range.length === WIDTH[range.family] ? formatAddress(range) : `${formatAddress(range)}/${range.length}`;

/**
 * Under what an address is counted: IPv4 by itself, IPv6 by its /64, which is what one subscriber has to choose from.
 * A port is dropped, as some proxies append one. All that is no address counts as one, so that writing nonsense buys nothing.
 */
export function addressKey(text: string): string {
  const address = parseAddress(text) ?? parseAddress(withoutPort(text));
  if (address === null) return 'none';
  return address.family === 4
    ? formatAddress(address)
    : `${formatAddress({ ...address, bits: networkBits(address, 64) })}/64`;
}

function withoutPort(text: string): string {
  return /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? '';
}
