import type { Session } from '@bastionary/contracts/operators';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignedInSession } from './console-sessions.js';

// `__Host-` binds the cookie to this very host; browsers demand HTTPS for it, so plain HTTP (first steps on loopback) goes without.
const isSecure = (issuer: string): boolean => issuer.startsWith('https:');
const nameFor = (issuer: string): string => (isSecure(issuer) ? '__Host-bastionary' : 'bastionary');

export const readSessionCookie = (request: FastifyRequest, issuer: string): string | undefined =>
  parseCookie(request.headers.cookie ?? '')[nameFor(issuer)];

const setSessionCookie = (reply: FastifyReply, issuer: string, value: string, expires: Date): void => {
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(issuer), expires } as const;
  reply.header('set-cookie', stringifySetCookie({ name: nameFor(issuer), value, ...options }));
};

export const clearSessionCookie = (reply: FastifyReply, issuer: string): void =>
  setSessionCookie(reply, issuer, '', new Date(0));

/** The answer to whatever opened a session, or let it go on under another cookie. */
export function answerSession({ opened, view }: SignedInSession, reply: FastifyReply, issuer: string): Session {
  setSessionCookie(reply, issuer, opened.token, opened.expiresAt);
  return view;
}
