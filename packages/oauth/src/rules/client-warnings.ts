import type { Warning } from '@bastionary/contracts/clients';
import { isGeneratedSecret } from './secret.js';

const RECOMMENDED_LENGTH = 32;

/** What is accepted and yet unwise, said in the answer. */
export function clientWarnings(
  given: { secret?: string | undefined; expiry: Date | null; legacyAudience: boolean },
  now: number,
): Warning[] {
  const warnings: Warning[] = [];
  if (given.secret !== undefined && !isGeneratedSecret(given.secret)) {
    warnings.push({
      code: given.secret.length < RECOMMENDED_LENGTH ? 'weak_client_secret' : 'chosen_client_secret',
      message: `A chosen secret can be guessed${given.secret.length < RECOMMENDED_LENGTH ? `, this one of ${given.secret.length} characters easily` : ''}. Leave client_secret out to have one of 256 bits generated, or rotate this one.`,
    });
  }
  if (given.expiry !== null && given.expiry.getTime() <= now) {
    warnings.push({
      code: 'expiry_in_the_past',
      message: 'The expiry has passed: the client is expired and gets no token until its expiry is changed.',
    });
  }
  if (given.legacyAudience) {
    warnings.push({
      code: 'legacy_assertion_audience',
      message:
        'Assertions made out to the token endpoint are accepted. One that another server was sent could be replayed here: have the client name the issuer (RFC 10070), then switch this off.',
    });
  }
  return warnings;
}

// Forms of the ids this house makes itself: nobody may choose one, lest a client pass for something else (RFC 9700 §4.15).
const OWN_ID = /^[a-z]{2,4}_[0-9a-hjkmnp-tv-z]{26}$/;

/** Whether a chosen client id could be mistaken for an id of our own making. */
export const isReservedClientId = (clientId: string): boolean => OWN_ID.test(clientId);
