import type { Sink } from '../../src/sheets/write-table.ts';

/** What a file that is written piece by piece comes to. */
export async function bytesOf({ write }: { write(sink: Sink): Promise<void> }): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await write(async (piece) => void pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}
