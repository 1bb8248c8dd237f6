import { crc32, inflateRawSync } from 'node:zlib';

export interface ZipLimits {
  entries: number;
  entryBytes: number;
  totalBytes: number;
  /** How many times as large an entry may become; small ones may be any. */
  ratio: number;
}

export type Unzipped = { ok: true; files: Map<string, Buffer> } | { ok: false; problem: string };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;
const SMALL_BYTES = 256 * 1024;

interface Entry {
  name: string;
  encrypted: boolean;
  method: number;
  crc: number;
  packedBytes: number;
  bytes: number;
  at: number;
}

const refusal = (problem: string): Unzipped => ({ ok: false, problem });
const DAMAGED = refusal('is damaged: it ends early or is no spreadsheet. Save it again and send it once more');

/** All of an archive, by its directory at the end. What it announces is checked before anything is inflated, what it really holds while. */
export function unzip(archive: Buffer, limits: ZipLimits): Unzipped {
  const entries = readDirectory(archive, limits.entries);
  if (entries === 'damaged') return DAMAGED;
  if (entries === 'too many') return refusal(`holds more than ${limits.entries} parts: no spreadsheet of registers does`);
  if (new Set(entries.map(({ name }) => name)).size < entries.length) return refusal('holds two parts of one name');
  if (entries.some(({ encrypted }) => encrypted)) return refusal('is protected by a password: remove it and save the file again');
  const bomb = tooLarge(entries, limits);
  if (bomb !== null) return refusal(bomb);

  const files = new Map<string, Buffer>();
  for (const entry of entries) {
    const content = inflate(archive, entry);
    if (content === null) return DAMAGED;
    files.set(entry.name, content);
  }
  return { ok: true, files };
}

function tooLarge(entries: readonly Entry[], { entryBytes, totalBytes, ratio }: ZipLimits): string | null {
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const advice = 'Keep only the sheet with the registers, and delete empty rows that carry a format';
  if (total > totalBytes) return `grows to ${megabytes(total)} when it is unpacked, and ${megabytes(totalBytes)} is the most. ${advice}`;
  for (const { name, bytes, packedBytes } of entries) {
    if (bytes > entryBytes) return `has a part ${name} of ${megabytes(bytes)}, and ${megabytes(entryBytes)} is the most. ${advice}`;
    if (bytes > SMALL_BYTES && bytes > ratio * packedBytes) {
      return `has a part ${name} that grows more than ${ratio} times when it is unpacked: that is no table of registers. ${advice}`;
    }
  }
  return null;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function readDirectory(archive: Buffer, most: number): Entry[] | 'damaged' | 'too many' {
  const end = findEnd(archive);
  if (end === null) return 'damaged';
  const count = archive.readUInt16LE(end + 10);
  if (count > most) return 'too many';
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || archive.readUInt32LE(at) !== CENTRAL) return 'damaged';
    const nameLength = archive.readUInt16LE(at + 28);
    const next = at + 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    if (next > end) return 'damaged';
    entries.push({
      name: archive.toString('utf8', at + 46, at + 46 + nameLength),
      encrypted: (archive.readUInt16LE(at + 8) & 1) === 1,
      method: archive.readUInt16LE(at + 10),
      crc: archive.readUInt32LE(at + 16),
      packedBytes: archive.readUInt32LE(at + 20),
      bytes: archive.readUInt32LE(at + 24),
      at: archive.readUInt32LE(at + 42),
    });
    at = next;
  }
  return entries;
}

function findEnd(archive: Buffer): number | null {
  const earliest = Math.max(0, archive.length - END_BYTES - LONGEST_COMMENT);
  for (let at = archive.length - END_BYTES; at >= earliest; at -= 1) if (archive.readUInt32LE(at) === END) return at;
  return null;
}

function inflate(archive: Buffer, { at, method, packedBytes, bytes, crc }: Entry): Buffer | null {
  if (at + 30 > archive.length || archive.readUInt32LE(at) !== LOCAL) return null;
  const from = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  if (from + packedBytes > archive.length) return null;
  const packed = archive.subarray(from, from + packedBytes);
  const content = method === STORED ? packed : method === DEFLATED ? inflateAtMost(packed, bytes) : null;
  return content !== null && content.length === bytes && crc32(content) === crc ? content : null;
}

/** Stops at the announced size, whatever else would come. */
function inflateAtMost(packed: Buffer, bytes: number): Buffer | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch {
    return null;
  }
}

/** An archive that packs nothing: whoever reads it meets exactly what was checked. */
export function zipStored(files: ReadonlyMap<string, Buffer>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of files) {
    const nameBytes = Buffer.from(name);
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(content.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(LOCAL, 0);
    local.writeUInt16LE(20, 4);
    sizes.copy(local, 14);
    local.writeUInt16LE(nameBytes.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    sizes.copy(central, 16);
    central.writeUInt16LE(nameBytes.length, 28);
    central.writeUInt32LE(at, 42);
    locals.push(local, nameBytes, content);
    directory.push(central, nameBytes);
    at += local.length + nameBytes.length + content.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directoryBytes, end]);
}
