import express, { type Request, type Response } from 'express';
import { say } from '../domain/refusal.ts';
import { AppError } from '../errors.ts';
import { FILE_LIMIT, FILE_TYPES } from '../http/body-limits.ts';
import type { Sink } from '../sheets/write-table.ts';
import { z } from './schema.ts';

/** The body of a route that takes a file: its bytes as they are, not a form. */
export const fileBody = z.instanceof(Buffer);

/** What a file is called on the way out, by the format that was asked for. */
export const TYPE_OF_FORMAT = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  pdf: 'application/pdf',
  zip: 'application/zip',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

export interface FileAnswer {
  name: string;
  type: (typeof FILE_TYPES)[number] | (typeof TYPE_OF_FORMAT)[keyof typeof TYPE_OF_FORMAT];
  content: string | Buffer;
}

/** A file where a route otherwise answers with JSON. */
export class SentFile {
  readonly file: FileAnswer;

  constructor(file: FileAnswer) {
    this.file = file;
  }
}

/** A file that is written while it is sent. */
export class StreamedFile {
  readonly name: string;
  readonly type: string;
  readonly write: (sink: Sink, signal: AbortSignal) => Promise<void>;

  constructor({ name, type, write }: Pick<StreamedFile, 'name' | 'type' | 'write'>) {
    this.name = name;
    this.type = type;
    this.write = write;
  }
}

/** The answer of a route that sends a file. */
export const fileAnswer = z.custom<FileAnswer>();

/** By its kind, for the client's generator has a copy of this module of its own. */
export function isFile(schema: z.ZodType | undefined): boolean {
  return schema instanceof z.ZodCustom;
}

// Not unpacked: what is small on the way must not be large here.
const readRaw = express.raw({ type: [...FILE_TYPES], limit: FILE_LIMIT, inflate: false });

/** The answer of a route that says one thing, without JSON around it. */
export function isText(schema: z.ZodType | undefined): boolean {
  return schema instanceof z.ZodString;
}

/** After it is known that the person may send one. */
export async function readFile(request: Request, response: Response): Promise<Buffer> {
  if (!request.is([...FILE_TYPES])) {
    throw new AppError('invalid-input', say('fileNotSent', FILE_TYPES.join(' / ')), { status: 415 });
  }
  await new Promise<void>((resolve, reject) => {
    readRaw(request, response, (err?: unknown) => (err instanceof Error ? reject(err) : resolve()));
  });
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

export function sendFile(response: Response, { name, type, content }: FileAnswer): void {
  response.attachment(name).type(type).send(content);
}
