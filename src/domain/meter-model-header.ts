import { MESSAGE_KINDS, type MessageKind, type MeterModel } from './meter-model.ts';

export interface ModelCsvError {
  line: number;
  column: string;
  problem: string;
}

const HEADER_KEYS = ['vendor', 'model', 'family', 'manual', 'max_registers', 'even_only', 'sunspec', 'message', 'verified'] as const;
type HeaderKey = (typeof HEADER_KEYS)[number];

const EXTENDS = 'extends';

export function formatModelHeader(model: MeterModel): string {
  const header: Record<HeaderKey, string | null> = {
    vendor: model.vendor,
    model: model.name,
    family: model.family,
    manual: model.manual,
    max_registers: String(model.maxRegisters),
    even_only: yesNo(model.evenOnly),
    sunspec: model.sunspec === null ? null : String(model.sunspec),
    message: model.message,
    verified: yesNo(model.verified),
  };
  return HEADER_KEYS.filter((name) => header[name] !== null)
    .map((name) => `# ${name}: ${header[name]}`.trimEnd() + '\n')
    .join('');
}

/** The key of the model whose registers a file takes over, or null. */
export function baseKeyOf(text: string): string | null {
  const { found } = collectLines(text.replace(/^\uFEFF/, ''), []);
  return found.get(EXTENDS)?.value || null;
}

/** The lines `# key: value` that stand before the table, and the rest of the text. What a file leaves out it has from its base. */
export function splitModelHeader(text: string, base: MeterModel | null, errors: ModelCsvError[]) {
  const { found, body, firstLine } = collectLines(text, errors);
  const take = <T>(name: HeaderKey, read: (value: string) => T | null, problem: string, absent: T, inherited?: T): T => {
    const entry = found.get(name);
    if (entry === undefined && inherited !== undefined) return inherited;
    const value = read(entry?.value ?? '');
    if (value !== null) return value;
    errors.push({ line: entry?.line ?? 1, column: name, problem: entry === undefined ? `is missing: ${problem}` : problem });
    return absent;
  };
  const header = {
    vendor: take('vendor', words(1, 80), 'must be 1 to 80 characters', '', base?.vendor),
    name: take('model', words(1, 80), 'must be 1 to 80 characters', ''),
    family: take('family', words(0, 80), 'must be at most 80 characters', '', base?.family),
    manual: take('manual', words(0, 250), 'must be at most 250 characters', '', base?.manual),
    maxRegisters: take('max_registers', whole(1, 125), 'must be a whole number from 1 to 125', 125, base?.maxRegisters),
    evenOnly: take('even_only', truth, 'must be yes or no', false, base?.evenOnly),
    sunspec: found.has('sunspec')
      ? take<number | null>('sunspec', whole(1, 65_534), 'must be the number of a SunSpec model, such as 203', null)
      : (base?.sunspec ?? null),
    message: found.has('message')
      ? take<MessageKind | null>('message', kindOfMessage, `must be one of ${MESSAGE_KINDS.join(', ')}`, null)
      : (base?.message ?? null),
    // Never from the base: bytes of another meter prove nothing about this one.
    verified: take('verified', truth, 'must be yes or no', false),
  };
  return { header, extendsLine: found.get(EXTENDS)?.line ?? null, body, firstLine };
}

function collectLines(text: string, errors: ModelCsvError[]) {
  const found = new Map<string, { value: string; line: number }>();
  let firstLine = 1;
  let body = text;
  while (body.startsWith('#')) {
    const end = body.indexOf('\n') === -1 ? body.length : body.indexOf('\n') + 1;
    const match = /^#\s*([a-z_]+):(.*)$/.exec(body.slice(0, end).trimEnd());
    const name = match?.[1] ?? '';
    if (match === null) errors.push({ line: firstLine, column: '', problem: 'a line with # must read "# key: value"' });
    else if (name !== EXTENDS && !HEADER_KEYS.some((known) => known === name)) {
      errors.push({ line: firstLine, column: name, problem: 'is not known here' });
    } else if (found.has(name)) errors.push({ line: firstLine, column: name, problem: 'is there twice' });
    else found.set(name, { value: (match[2] ?? '').trim(), line: firstLine });
    body = body.slice(end);
    firstLine += 1;
  }
  return { found, body, firstLine };
}

const words = (least: number, most: number) => (value: string) => (value.length >= least && value.length <= most ? value : null);
const whole = (least: number, most: number) => (value: string) =>
  /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most ? Number(value) : null;
const kindOfMessage = (value: string) => MESSAGE_KINDS.find((kind) => kind === value) ?? null;
const truth = (value: string) => (value === 'yes' ? true : value === 'no' ? false : null);

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
