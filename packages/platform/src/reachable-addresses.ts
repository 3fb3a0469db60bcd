import { BlockList, isIP } from 'node:net';

// IANA special-purpose registries; of IPv6, only 2000::/3 is ever public.
const SPECIAL_4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4';
// IETF protocols with Teredo, documentation, and 6to4, which leads to any IPv4 address.
const SPECIAL_6 = '2001::/23 2001:db8::/32 2002::/16 3fff::/20';
// A cloud's machine metadata at an address that looks public.
const METADATA = '168.63.129.16/32';

const special = rangesOf(`${SPECIAL_4} ${SPECIAL_6} ${METADATA}`.split(' '));
const publicIpv6 = rangesOf(['2000::/3']);

/** Whether we may connect to an address for others: public ones, and those that the settings name. */
export function reachableAddresses(allowed: readonly string[]): (address: string) => boolean {
  const isNamed = namedAddresses(allowed);
  return (address) => {
    const family = familyOf(address);
    if (family === null) return false;
    if (isNamed(address)) return true;
    return !special.check(address, family) && (family === 'ipv4' || publicIpv6.check(address, family));
  };
}

/** Whether an address is one of those that the settings name. */
export function namedAddresses(allowed: readonly string[]): (address: string) => boolean {
  const named = rangesOf(allowed);
  return (address) => {
    const family = familyOf(address);
    return family !== null && named.check(address, family);
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  // An address with a zone is of this machine's own links.
  if (isIP(address) === 0 || address.includes('%')) return null;
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

function rangesOf(list: readonly string[]): BlockList {
  const ranges = new BlockList();
  for (const entry of list) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) ranges.addAddress(address, family);
    else ranges.addSubnet(address, Number(bits), family);
  }
  return ranges;
}
