export interface XmlTag {
  /** Without its prefix. */
  name: string;
  attributes: string;
  opens: boolean;
  closes: boolean;
  /** Where it ends in the text. */
  end: number;
}

export class UnreadableXml extends Error {}

// Strict, so that no other reader can see another tag in the same text. Neither DOCTYPE nor CDATA: no spreadsheet needs them.
const TOKEN =
  /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|<\?(?:[^?]|\?(?!>))*\?>|<!--(?:[^-]|-(?!->))*-->|[^<]+/y;

export function* xmlTags(text: string): Generator<XmlTag> {
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new UnreadableXml('what no spreadsheet program writes');
    at = TOKEN.lastIndex;
    const [, slash, name, attributes = '', selfClosing] = match;
    if (name !== undefined) yield { name, attributes, opens: slash === '', closes: slash === '/' || selfClosing === '/', end: at };
  }
}

/** An attribute as it is written; its prefix does not count. */
export function attribute({ attributes }: XmlTag, name: string): string | null {
  const match = new RegExp(`\\s(?:[\\w.-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return match === null ? null : unescapeXml(match[1] ?? match[2] ?? '');
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = decimal !== undefined ? Number(decimal) : parseInt(hex ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
