import { once } from 'node:events';
import { crc32, createDeflateRaw } from 'node:zlib';
import type { Sink } from './write-table.ts';

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;
// Sizes follow the content, names are UTF-8.
const FLAGS = 0x0808;
// 1 January 1980: the same rows give the same bytes.
const DATE = 0x21;
const LARGEST = 0xffff_ffff;

interface Part {
  name: Buffer;
  crc: number;
  packed: number;
  bytes: number;
  at: number;
}

/** An archive that is written from front to back, a part at a time. */
export class ZipStream {
  readonly #sink: Sink;
  readonly #parts: Part[] = [];
  #at = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  async #write(piece: Buffer): Promise<void> {
    this.#at += piece.length;
    if (this.#at > LARGEST) throw new RangeError('an archive of this format takes at most 4 GB');
    await this.#sink(piece);
  }

  /** `fill` writes the content of a part; each of its pieces is taken when the one before has left. */
  async add(path: string, fill: (write: Sink) => Promise<void>): Promise<void> {
    const part: Part = { name: Buffer.from(path), crc: 0, packed: 0, bytes: 0, at: this.#at };
    const head = Buffer.alloc(30);
    head.writeUInt32LE(LOCAL, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(FLAGS, 6);
    head.writeUInt16LE(DEFLATED, 8);
    head.writeUInt16LE(DATE, 12);
    head.writeUInt16LE(part.name.length, 26);
    await this.#write(Buffer.concat([head, part.name]));

    const deflate = createDeflateRaw({ level: 4 });
    const leaving = (async () => {
      for await (const piece of deflate as AsyncIterable<Buffer>) {
        part.packed += piece.length;
        await this.#write(piece);
      }
    })();
    // Whoever fills is told when nobody takes what comes out.
    leaving.catch((err: Error) => deflate.destroy(err));
    try {
      await fill(async (piece) => {
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
        part.crc = crc32(bytes, part.crc);
        part.bytes += bytes.length;
        if (!deflate.write(bytes)) await once(deflate, 'drain');
      });
      deflate.end();
    } catch (err) {
      deflate.destroy();
      await leaving.catch(() => {});
      throw err;
    }
    await leaving;
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32LE(DESCRIPTOR, 0);
    sizes.writeUInt32LE(part.crc, 4);
    sizes.writeUInt32LE(part.packed, 8);
    sizes.writeUInt32LE(part.bytes, 12);
    await this.#write(sizes);
    this.#parts.push(part);
  }

  async end(): Promise<void> {
    const directoryAt = this.#at;
    for (const { name, crc, packed, bytes, at } of this.#parts) {
      const entry = Buffer.alloc(46);
      entry.writeUInt32LE(CENTRAL, 0);
      entry.writeUInt16LE(20, 4);
      entry.writeUInt16LE(20, 6);
      entry.writeUInt16LE(FLAGS, 8);
      entry.writeUInt16LE(DEFLATED, 10);
      entry.writeUInt16LE(DATE, 14);
      entry.writeUInt32LE(crc, 16);
      entry.writeUInt32LE(packed, 20);
      entry.writeUInt32LE(bytes, 24);
      entry.writeUInt16LE(name.length, 28);
      entry.writeUInt32LE(at, 42);
      await this.#write(Buffer.concat([entry, name]));
    }
    const end = Buffer.alloc(22);
    end.writeUInt32LE(END, 0);
    end.writeUInt16LE(this.#parts.length, 8);
    end.writeUInt16LE(this.#parts.length, 10);
    end.writeUInt32LE(this.#at - directoryAt, 12);
    end.writeUInt32LE(directoryAt, 16);
    await this.#write(end);
  }
}
