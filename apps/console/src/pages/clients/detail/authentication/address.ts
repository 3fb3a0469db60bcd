import { z } from 'zod';

const address = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** What is wrong with an address or range; null if nothing is. */
export const checkAddress = (text: string) =>
  address.safeParse(text).success ? null : `${text} is no address and no range such as 10.0.0.0/8 or 2001:db8::/32.`;
