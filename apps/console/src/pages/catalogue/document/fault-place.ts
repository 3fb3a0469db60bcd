/**
 * Where a fault is, for people: `/plans/2/versions/1` → `plans › pro › versions › 2`. Places in a list go by the key or
 * the number of what stands there, which is easier to find than the how-many-th it is.
 */
export const faultPlace = (path: string, text: string): string => {
  let here: unknown = JSON.parse(text);
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => {
      const isList = Array.isArray(here);
      here = isMap(here) || isList ? (here as Record<string, unknown>)[step] : undefined;
      const name = isList && isMap(here) ? (here.key ?? here.version) : undefined;
      return typeof name === 'string' || typeof name === 'number' ? String(name) : step;
    });
  return steps.length === 0 ? 'the document' : steps.join(' › ');
};

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
