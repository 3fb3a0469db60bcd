/** Where to go after signing in: a path of this console, never another site (`//evil.example`, `/\evil.example`). */
export const ownPath = (candidate: string | undefined, origin = window.location.origin): string => {
  if (!candidate?.startsWith('/') || !URL.canParse(candidate, origin)) return '/';
  const url = new URL(candidate, origin);
  return url.origin === origin ? `${url.pathname}${url.search}` : '/';
};
