const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * Whether an object in a JSON text has a name twice. RFC 8259 §4 leaves open what that means, so two programs may read
 * two things from it. The text is known to be JSON.
 */
export function hasRepeatedName(json: string): boolean {
  const open: (Set<string> | null)[] = [];
  let text = '';
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') text = token;
    else {
      const name = JSON.parse(text) as string;
      const names = open.at(-1);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}
