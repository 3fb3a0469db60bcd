import type { Retirement } from '@bastionary/contracts/credentials';
import { toInstantOrNull } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import { decideRetirement } from '../rules/retirement.js';
import { isUsable } from '../rules/usable-credential.js';
import { longestPause, usesOf } from './credential-uses.js';
import { getClient } from './find-client.js';
import { credentialOf } from './find-credential.js';
import { countLiveTokens } from './live-tokens.js';

/**
 * Whether a credential can go without anybody noticing, with the evidence. `silenceMs` is believed where no pause of its
 * users is known; a use may reach the database `lagMs` late.
 * @throws AppError not_found
 */
export async function judgeRetirement(
  db: Reader,
  clientId: string,
  credentialId: string,
  { silenceMs, lagMs }: { readonly silenceMs: number; readonly lagMs: number },
  now: Date,
): Promise<Retirement> {
  const client = await getClient(db, clientId);
  const credential = credentialOf(client, credentialId);
  const others = client.credentials.filter(
    (one) => one.id !== credentialId && isUsable(one, client.authMethod, now.getTime()),
  );
  const uses = await usesOf(db, [credentialId, ...others.map(({ id }) => id)], now);
  const use = uses.get(credentialId);
  const othersLast = others.flatMap(({ id }) => uses.get(id)?.lastAt.getTime() ?? []);
  const { safe, reason, silentFor } = decideRetirement({
    credential,
    lastUsedAt: use?.lastAt ?? null,
    othersLastUsedAt: othersLast.length === 0 ? null : new Date(Math.max(...othersLast)),
    otherUsableCredentials: others.length,
    longestPause: await longestPause(db, credentialId),
    silence: silenceMs,
    lag: lagMs,
    now: now.getTime(),
  });
  return {
    safe_to_retire: safe,
    reason,
    last_used_at: toInstantOrNull(use?.lastAt ?? null),
    last_used_address: use?.lastAddress ?? null,
    use_count: String(use?.uses ?? 0n),
    uses_last_hour: String(use?.lastHour ?? 0n),
    uses_last_day: String(use?.lastDay ?? 0n),
    live_tokens: String(await countLiveTokens(db, 'credential', credentialId, now, now)),
    other_usable_credentials: others.length,
    silent_for_seconds: silentFor === null ? null : Math.floor(silentFor / 1_000),
  };
}
