// A street of flats has some ten kilobytes.
const MOST_BYTES = 1_000_000;

export type TextOfFile = { ok: true; text: string } | { ok: false; reason: 'too-large' | 'unreadable' };

/** As UTF-8, or else as the Windows code page in which spreadsheets of Western Europe still write. */
export async function textOfFile(file: Blob): Promise<TextOfFile> {
  if (file.size > MOST_BYTES) return { ok: false, reason: 'too-large' };
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return { ok: false, reason: 'unreadable' };
  }
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: true, text: new TextDecoder('windows-1252').decode(bytes) };
  }
}
