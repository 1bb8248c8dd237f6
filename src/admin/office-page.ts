import type { NextFunction, Request, Response } from 'express';
import { officeScript } from '../http/office-guard.ts';

const FONT_LINK = /<link[^>]*fonts\.(?:googleapis|gstatic)\.com[^>]*>/g;
const SCRIPT = /<script(?=[\s>])/g;

/**
 * The one place that makes pages of AdminJS and Bull Board fit our policy: no font of another host, the nonce on their
 * scripts, our script that carries the CSRF token.
 */
function fitPage(html: string, page: { csrfToken: string; nonce: string; body?: string }): string {
  return html
    .replaceAll(FONT_LINK, '')
    .replaceAll(SCRIPT, `<script nonce="${page.nonce}"`)
    .replace(/<head>/, (head) => head + officeScript(page))
    .replace(/<body[^>]*>/, (body) => body + (page.body ?? ''));
}

/** Every page sent behind it is made to fit. `addition` stands first in the body. */
export function fitPages(addition?: (req: Request, res: Response) => string) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const send = res.send.bind(res);
    res.send = (body) => {
      if (typeof body !== 'string' || !/^\s*<!doctype html/i.test(body)) return send(body);
      const { nonce } = res.locals;
      res.set('Cache-Control', 'no-store');
      return send(fitPage(body, { nonce, csrfToken: req.session.csrfToken ?? '', body: addition?.(req, res) ?? '' }));
    };
    next();
  };
}
