import { AppError } from '../errors.ts';
import { textOf } from './text-lines.ts';

/** One item of a JSON array. */
export type JsonItem = { index: number; ok: true; value: unknown } | { index: number; ok: false; problem: string };

const LONGEST_ITEM = 1024 * 1024;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
const BLANK = 32;

/**
 * The items of a JSON array of any length, one after the other: no more of it is held than one item. Where an item ends is
 * told by its brackets alone, so a broken one does not hide those behind it.
 */
export async function* jsonItems(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<JsonItem[]> {
  const reader = newReader();
  for await (const piece of textOf(bytes)) {
    const items = reader.read(piece);
    if (items.length > 0) yield items;
  }
  reader.end();
}

interface Reader {
  read(piece: string): JsonItem[];
  end(): void;
}

function newReader(): Reader {
  let state: 'before' | 'item' | 'after' = 'before';
  let index = 0;
  /** Of the item that is being read. */
  let text = '';
  let depth = 0;
  let inString = false;
  let escaped = false;

  function itemOf(json: string): JsonItem {
    const at = index;
    index += 1;
    try {
      return { index: at, ok: true, value: JSON.parse(json) };
    } catch (cause) {
      return { index: at, ok: false, problem: `is not JSON: ${(cause as Error).message}` };
    }
  }

  function read(piece: string): JsonItem[] {
    const items: JsonItem[] = [];
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === BACKSLASH) escaped = true;
        else if (code === QUOTE) inString = false;
        continue;
      }
      if (state !== 'item') {
        if (code <= BLANK) continue;
        if (state === 'after' || code !== OPEN_LIST) throw notAnArray(state === 'after');
        state = 'item';
        from = at + 1;
        continue;
      }
      if (code === QUOTE) inString = true;
      else if (code === OPEN_LIST || code === OPEN_OBJECT) depth += 1;
      else if ((code === CLOSE_LIST || code === CLOSE_OBJECT) && depth > 0) depth -= 1;
      else if (code === COMMA || code === CLOSE_LIST) {
        if (depth > 0) continue;
        const json = text + piece.slice(from, at);
        text = '';
        from = at + 1;
        const isEmptyList = code === CLOSE_LIST && index === 0 && json.trim() === '';
        if (!isEmptyList) items.push(itemOf(json));
        if (code === CLOSE_LIST) state = 'after';
      }
    }
    if (state === 'item') text += piece.slice(from);
    if (text.length > LONGEST_ITEM) {
      throw new AppError('item-too-long', `Object ${index + 1} of the file is longer than a megabyte: this is not a dump of rows.`, {
        status: 400,
      });
    }
    return items;
  }

  return {
    read,
    end() {
      if (state === 'before') throw notAnArray(false);
      if (state === 'item') throw new AppError('cut-off', `The file ends within object ${index + 1}: it was cut off.`, { status: 400 });
    },
  };
}

function notAnArray(after: boolean): AppError {
  const text = after
    ? 'Something follows the list of the file.'
    : 'The file is not a JSON list: make it with "manage.py dumpdata --format json".';
  return new AppError('not-a-list', text, { status: 400 });
}
