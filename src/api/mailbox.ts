import { Router, type Request, type Response } from 'express';
import { canSomewhere } from '../domain/permission.ts';
import { NotFound } from '../errors.ts';
import { findCaughtMail, listCaughtMails } from './mail-files.ts';
import { mailListPage, mailPage } from './mail-page.ts';

/** The page of the embedded mail catcher, at /dev/mail: for those who may read the mails of everybody. */
export function makeMailbox({ folder }: { folder: string }): Router {
  const router = Router();
  router.use((request: Request, response: Response, next) => {
    if (!request.actor) return response.redirect(302, `/?next=${encodeURIComponent(request.originalUrl)}`);
    if (!canSomewhere(request.actor, 'mail:read')) throw new NotFound('This page');
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.get('/', async (_request: Request, response: Response) => {
    response.type('html').send(mailListPage(await listCaughtMails(folder), String(response.locals['nonce'])));
  });
  router.get('/:name', async (request: Request, response: Response) => {
    const mail = await findCaughtMail(folder, String(request.params['name']));
    if (mail === null) throw new NotFound('This mail');
    response.type('html').send(mailPage(mail, String(response.locals['nonce'])));
  });
  return router;
}
