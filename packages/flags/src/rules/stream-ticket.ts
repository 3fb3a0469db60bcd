import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who may listen to changes, where, and until when. */
export interface StreamTicket {
  readonly environment: string;
  /** `client:<client_id>` or `key:<id of a public key>` */
  readonly caller: string;
  /** Seconds. */
  readonly expiresAt: number;
}

/** Seconds. The address of a stream must stay the same, or clients connect anew: tickets of one window are alike. */
const WINDOW = 43_200;

/** When a ticket that is made now ends: in the next window but one, half a day to a day ahead. @param now milliseconds */
export const ticketEnd = (now: number): number => (Math.floor(now / 1_000 / WINDOW) + 2) * WINDOW;

/** A ticket as text for an address. @param key 256 bits that only servers know */
export function writeTicket(key: Buffer, { environment, caller, expiresAt }: StreamTicket): string {
  const body = Buffer.from(JSON.stringify([environment, caller, expiresAt])).toString('base64url');
  return `${body}.${signature(key, body)}`;
}

/** The ticket of a text; null if it was not made with this key, or has ended. @param now milliseconds */
export function readTicket(key: Buffer, text: string, now: number): StreamTicket | null {
  const [body = '', signed = ''] = text.split('.', 2);
  const [given, wanted] = [Buffer.from(signed), Buffer.from(signature(key, body))];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  const [environment, caller, expiresAt] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
    string,
    string,
    number,
  ];
  return expiresAt * 1_000 > now ? { environment, caller, expiresAt } : null;
}

const signature = (key: Buffer, body: string): string => createHmac('sha256', key).update(body).digest('base64url');
