export interface ScopeUse {
  readonly scope: string;
  /** Tokens for which it was asked by name. */
  readonly requested: bigint;
  /** Tokens that carry it because no scope was named. */
  readonly defaulted: bigint;
}

export interface PermissionSuggestion {
  /** It got tokens without naming a scope: what it needs of them cannot be known. */
  readonly reliesOnDefault: boolean;
  /** What would be enough, in the order in which the client has them. All, where that cannot be known. */
  readonly scopes: readonly string[];
}

/** Which of its scopes would be enough for a client, judged by what it asked for. */
export function suggestScopes(uses: readonly ScopeUse[]): PermissionSuggestion {
  const reliesOnDefault = uses.some(({ defaulted }) => defaulted > 0n);
  const requested = uses.filter((use) => use.requested > 0n);
  const enough = reliesOnDefault || requested.length === 0 ? uses : requested;
  return { reliesOnDefault, scopes: enough.map(({ scope }) => scope) };
}
