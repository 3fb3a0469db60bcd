import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

// `__Host-` binds the cookie to this very host; browsers demand HTTPS for it, so plain HTTP (first steps on loopback) goes without.
const isSecure = (issuer: string): boolean => issuer.startsWith('https:');
const nameFor = (issuer: string): string => (isSecure(issuer) ? '__Host-bastionary' : 'bastionary');
const optionsFor = (issuer: string): CookieSerializeOptions => ({
  path: '/',
  httpOnly: true,
  sameSite: 'strict',
  secure: isSecure(issuer),
});

export const readSessionCookie = (request: FastifyRequest, issuer: string): string | undefined =>
  request.cookies[nameFor(issuer)];

export const setSessionCookie = (reply: FastifyReply, issuer: string, token: string, expires: Date): void => {
  reply.setCookie(nameFor(issuer), token, { ...optionsFor(issuer), expires });
};

export const clearSessionCookie = (reply: FastifyReply, issuer: string): void => {
  reply.clearCookie(nameFor(issuer), optionsFor(issuer));
};
