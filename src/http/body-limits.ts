import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { say } from '../domain/refusal.ts';
import { AppError } from '../errors.ts';

const JSON_LIMIT = 256 * 1024;
const FORM_LIMIT = 2 * 1024 * 1024;
export const FILE_LIMIT = FORM_LIMIT;
/** What a file is sent as. A form of another site can send none of these. */
export const FILE_TYPES = [
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/octet-stream',
] as const;

/** Refused by the announced length, before a byte is read; the readers behind count what really arrives. */
export function capBody(limits: { json: number; form: number } = { json: JSON_LIMIT, form: FORM_LIMIT }): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    const limit = request.is(['multipart/form-data', ...FILE_TYPES]) ? limits.form : limits.json;
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > limit) throw new AppError('too-large', say('bodyTooLarge', limit), { status: 413 });
    // A form without a length could go on for ever, and its reader writes to the disk.
    if (request.is('multipart/form-data') && request.headers['content-length'] === undefined) {
      throw new AppError('invalid-input', say('formWithoutLength'), { status: 411 });
    }
    next();
  };
}

/** REST takes JSON only, but where it takes a file: a form of another site can send neither. */
export function jsonBody(takesFile: (request: Request) => boolean, limit = JSON_LIMIT): RequestHandler[] {
  const onlyJson: RequestHandler = (request, _response, next) => {
    if (takesFile(request)) return next();
    const hasBody =
      request.headers['content-length'] !== undefined ? request.headers['content-length'] !== '0' : 'transfer-encoding' in request.headers;
    if (hasBody && !request.is('application/json')) {
      throw new AppError('invalid-input', say('notSentAsJson'), { status: 415 });
    }
    next();
  };
  return [onlyJson, express.json({ limit, strict: true })];
}
