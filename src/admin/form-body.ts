import { devNull } from 'node:os';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import formidable from 'express-formidable';
import { AppError, InvalidInput } from '../errors.ts';

const MAX_BYTES = 256 * 1024;
const MAX_FIELDS = 200;

const KEY = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*$/;
const OF_EVERY_OBJECT = new Set(['constructor', 'prototype']);

interface ParsedForm extends Request {
  fields?: Record<string, unknown>;
  files?: Record<string, unknown>;
  express_formidable?: { parsed: boolean };
}

function isEmpty({ headers }: Request): boolean {
  return (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;
}

// The forms of AdminJS are multipart, the calls of its pages JSON, and a removal has no body.
function checkType(req: Request, _res: Response, next: NextFunction): void {
  if (!isEmpty(req) && !req.is(['multipart/form-data', 'application/x-www-form-urlencoded', 'application/json'])) {
    throw new AppError('invalid-input', 'Send the body as multipart/form-data or application/json.', { status: 415 });
  }
  next();
}

/** What is no upload is read here, for the reader of forms counts its bytes only in some of it. */
function takeFields(req: ParsedForm, _res: Response, next: NextFunction): void {
  if (!req.is('multipart/form-data')) {
    const body: unknown = req.body ?? {};
    if (typeof body !== 'object' || Array.isArray(body)) throw new InvalidInput({ body: 'must be an object' });
    Object.assign(req, { fields: body, files: {}, express_formidable: { parsed: true } });
  }
  next();
}

function readMultipart(): RequestHandler {
  const options = { maxFieldsSize: MAX_BYTES, maxFileSize: MAX_BYTES, maxFields: MAX_FIELDS };
  const discard = (_req: Request, _res: Response, _next: NextFunction, _name: string, file: { path: string }): void => {
    file.path = devNull;
  };
  // It goes on with an error twice unless somebody listens to the event.
  const once = { event: 'error', action: () => {} };
  const read = formidable(options, [{ event: 'fileBegin', action: discard }, once]);
  return (req, res, next) => {
    read(req, res, (err?: unknown) => {
      if (err === undefined) return next();
      next(err instanceof Error && /^max\w+ exceeded/.test(err.message) ? tooLarge(err) : unreadable(err));
    });
  };
}

function tooLarge(cause: unknown): AppError {
  return new AppError('too-large', `The form is larger than ${MAX_BYTES} bytes.`, { status: 413, cause });
}

function unreadable(cause: unknown): AppError {
  return new InvalidInput({ body: 'is no form that can be read' }, { cause });
}

function refuseStrangeKeys(req: ParsedForm, _res: Response, next: NextFunction): void {
  for (const key of Object.keys(req.fields ?? {})) {
    if (!KEY.test(key) || key.split('.').some((part) => OF_EVERY_OBJECT.has(part)))
      throw new InvalidInput({ body: 'names a field that cannot be' });
  }
  const [name] = Object.keys(req.files ?? {});
  if (name !== undefined) throw new InvalidInput({ [name]: 'takes no file' });
  next();
}

/** Reads a form before AdminJS would: nothing of an upload reaches the disk. */
export function readForm(): RequestHandler[] {
  return [
    checkType,
    express.json({ limit: MAX_BYTES, strict: true }),
    express.urlencoded({ limit: MAX_BYTES, extended: false, parameterLimit: MAX_FIELDS }),
    takeFields,
    readMultipart(),
    refuseStrangeKeys,
  ];
}
