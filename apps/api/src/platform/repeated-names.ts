const [QUOTE, BACKSLASH, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x22, 0x5c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d];
/** A list is searched faster than a set is made, as long as it is short. */
const SHORT = 16;

/**
 * Whether an object in a JSON text has a name twice. RFC 8259 §4 leaves open what that means, so two programs may read
 * two things from it. The text is known to be JSON.
 */
export function hasRepeatedName(json: string): boolean {
  const open: (Names | null)[] = [];
  let names: Names | null = null;
  for (let at = 0; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) {
      const end = endOfText(json, at);
      if (names !== null && isFollowedByColon(json, end) && !names.add(nameOf(json, at, end))) return true;
      at = end;
    } else if (character === OPEN || character === OPEN_LIST) {
      names = character === OPEN ? new Names() : null;
      open.push(names);
    } else if (character === CLOSE || character === CLOSE_LIST) {
      open.pop();
      names = open.at(-1) ?? null;
    }
  }
  return false;
}

class Names {
  private readonly few: string[] = [];
  private many: Set<string> | undefined;

  /** False if it is there already. */
  add(name: string): boolean {
    if (this.many === undefined) {
      if (this.few.includes(name)) return false;
      this.few.push(name);
      if (this.few.length > SHORT) this.many = new Set(this.few);
      return true;
    }
    const before = this.many.size;
    return this.many.add(name).size > before;
  }
}

/** Where the text that begins at `start` has its closing quote. */
function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

function isFollowedByColon(json: string, end: number): boolean {
  let at = end + 1;
  // Space, tab, line feed and carriage return are all that may stand there.
  while (json.charCodeAt(at) <= 0x20) at++;
  return json.charCodeAt(at) === COLON;
}

function nameOf(json: string, start: number, end: number): string {
  const name = json.slice(start + 1, end);
  return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
}
