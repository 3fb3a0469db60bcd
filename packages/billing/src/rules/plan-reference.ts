/** A plan, in one version or whichever is current. */
export interface PlanReference {
  readonly key: string;
  readonly version: number | undefined;
}

/** Reads `pro` or `pro@3`; the form is the contract's to check. */
export function toPlanReference(text: string): PlanReference {
  const [key = '', version] = text.split('@');
  return { key, version: version === undefined ? undefined : Number(version) };
}

/** `pro@3` */
export const planVersionName = (key: string, version: number): string => `${key}@${version}`;
