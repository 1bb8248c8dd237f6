import { TextDecoder } from 'node:util';
import { AppError } from '../errors.ts';

export interface TextLine {
  line: number;
  text: string;
}

const LONGEST_LINE = 1024 * 1024;

function decoderOf(start: Uint8Array): TextDecoder {
  const mark = Buffer.from(start.subarray(0, 2)).toString('hex');
  return new TextDecoder(mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8', { fatal: true });
}

/** Text from bytes as they come: UTF-8, or UTF-16 with a byte order mark. */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  try {
    for await (const chunk of bytes) {
      decoder ??= decoderOf(chunk);
      yield decoder.decode(chunk, { stream: true });
    }
    if (decoder) yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new AppError('not-text', 'The file is not text in UTF-8: save it as "CSV UTF-8".', { status: 400, cause });
  }
}

/** Line by line, some thousand at a time, empty ones left out; a line is never longer than a megabyte. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine[]> {
  let rest = '';
  let line = 0;
  for await (const piece of textOf(bytes)) {
    const texts = (rest + piece).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw tooLong(line + texts.length + 1);
    yield numbered(texts, line);
    line += texts.length;
  }
  yield numbered([rest], line);
}

function numbered(texts: readonly string[], before: number): TextLine[] {
  const lines: TextLine[] = [];
  for (const [index, raw] of texts.entries()) {
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (text !== '') lines.push({ line: before + index + 1, text });
  }
  return lines;
}

function tooLong(line: number): AppError {
  return new AppError('line-too-long', `Line ${line} is longer than a megabyte: this is not a file of rows.`, { status: 400 });
}
