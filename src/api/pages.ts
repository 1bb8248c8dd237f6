import { join } from 'node:path';
import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { NotFound } from '../errors.ts';

const NOT_PAGES = /^\/(api|admin|dev|rpc|socket\.io|openapi\.json|metrics)(\/|$)/;

/** Files with a hash in their name never change. Public, so they need no session. */
export function makeAssets(webRoot: string): express.RequestHandler {
  return express.static(join(webRoot, 'assets'), { immutable: true, maxAge: '365d', index: false, fallthrough: true, dotfiles: 'ignore' });
}

/** The app: its page answers every address that is not a file, and finds its way by itself. */
export function makePages(webRoot: string): Router {
  const sendPage = (file: string, response: Response, next: NextFunction) => {
    response.set('Cache-Control', 'no-cache');
    response.sendFile(file, { root: webRoot, cacheControl: false }, (err?: NodeJS.ErrnoException) => {
      // Whoever went away in the middle is told nothing, and it is no fault of ours.
      if (err && err.code !== 'ECONNABORTED' && err.syscall !== 'write') next(err);
    });
  };
  const router = Router();
  router.get('/api/docs', (_request: Request, response: Response, next: NextFunction) => sendPage('api-docs.html', response, next));
  router.use(express.static(webRoot, { index: false, maxAge: '1h', dotfiles: 'ignore' }));
  router.get('/{*path}', (request: Request, response: Response, next: NextFunction) => {
    const isFile = /\.[a-z0-9]+$/i.test(request.path);
    if (NOT_PAGES.test(request.path) || isFile || !request.accepts('html')) return next(new NotFound());
    sendPage('index.html', response, next);
  });
  return router;
}
