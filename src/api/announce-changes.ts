import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import { publishRightsChange } from '../queue/rights.ts';

/** After each change by REST or in the back office the rights behind all sockets are asked again. */
export function announceChanges(redis: Redis, log: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.on('finish', () => {
        if (response.statusCode >= 400) return;
        publishRightsChange(redis).catch((err: unknown) => log.warn({ err }, 'sockets ask their rights only at their interval'));
      });
    }
    next();
  };
}
