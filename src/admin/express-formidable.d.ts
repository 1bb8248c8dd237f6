declare module 'express-formidable' {
  import type { NextFunction, Request, RequestHandler, Response } from 'express';

  interface FormEvent {
    event: string;
    action(req: Request, res: Response, next: NextFunction, name: string, file: { path: string }): void;
  }

  function formidable(options: Record<string, unknown>, events?: FormEvent[]): RequestHandler;
  export = formidable;
}
