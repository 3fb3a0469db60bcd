import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';

type RequestOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];
type CreationOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];

/** Browsers give passkeys to names on https and to localhost, not to addresses. */
export const canUsePasskeys = () =>
  browserSupportsWebAuthn() && window.isSecureContext && !/^[\d.]+$|^\[/.test(window.location.hostname);

/** The browser or the authenticator said no. */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError';
}

const wordsFor: Record<string, string> = {
  NotAllowedError:
    'The browser asked for the passkey and got none: it was cancelled, took too long, or there is none on this device.',
  InvalidStateError: 'This device has a passkey for your account already.',
};

const told = (error: unknown) =>
  new PasskeyError(wordsFor[error instanceof Error ? error.name : ''] ?? 'The browser could not use a passkey here.');

export const askPasskey = (options: { challenge: string }) =>
  startAuthentication({ optionsJSON: options as unknown as RequestOptions }).catch((error: unknown) => {
    throw told(error);
  });

export const makePasskey = (options: { challenge: string }) =>
  startRegistration({ optionsJSON: options as unknown as CreationOptions }).catch((error: unknown) => {
    throw told(error);
  });
