import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { canSomewhere, type Permission } from '../domain/permission.ts';
import { AppError, Forbidden, InvalidInput, NotFound, Unauthorised } from '../errors.ts';
import { introduceActor } from './actor.ts';
import type { OfficeResource } from './adapter/resource.ts';
import { refusalPage } from './refusal-page.ts';

// Express takes /API/ for /api/.
function isApi(req: Request): boolean {
  return req.path.toLowerCase().startsWith('/api/');
}

function wantsPage(req: Request): boolean {
  return req.method === 'GET' && !isApi(req) && req.accepts(['json', 'html']) === 'html';
}

/** Nobody passes without the permission, asked from the database at this request. */
export function doorKeeper(permission: Permission): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    if (!req.actor) {
      if (!wantsPage(req)) throw new Unauthorised();
      return res.redirect(302, `/?next=${encodeURIComponent(req.originalUrl)}`);
    }
    if (!canSomewhere(req.actor, permission)) {
      if (!wantsPage(req)) throw new Forbidden('You may not open the back office.');
      return res.status(403).send(refusalPage({ title: 'Not for you', sentence: 'Your role does not open this part of Wattbook.' }));
    }
    introduceActor(req, req.actor);
    next();
  };
}

const ADDRESS = /^\/(?:api\/)?resources\/([^/]+)(?:\/(actions|records|bulk|search)(?:\/([^/]+))?(?:\/([^/]+))?)?/i;
const RESOURCE_ACTIONS = new Set(['list', 'search', 'new']);
const RECORD_ACTIONS = new Set(['show', 'edit', 'delete']);

/** What may not be seen does not exist: AdminJS would answer 200 with a notice in it. */
export function refuseUnseen(resources: readonly OfficeResource[]): RequestHandler {
  const byId = new Map(resources.map((resource) => [resource.id(), resource]));
  return async (req: Request, res: Response, next: NextFunction) => {
    const match = ADDRESS.exec(req.path);
    if (!match) return next();
    const [, resourceId = '', written = '', first = '', second = ''] = match;
    const kind = written.toLowerCase();
    try {
      const resource = byId.get(decoded(resourceId));
      if (!resource || !req.actor || !canSomewhere(req.actor, resource.spec.read)) throw new NotFound();
      if (kind === 'bulk') throw new NotFound();
      if (kind === 'actions') checkAction(req, resource, RESOURCE_ACTIONS, decoded(first));
      refuseUndeclaredFilters(req, resource);
      if (kind === 'records') {
        const context = { currentAdmin: req.session.adminUser } as never;
        if (!(await resource.findOne(decoded(first), context))) throw new NotFound();
        checkAction(req, resource, RECORD_ACTIONS, decoded(second));
      }
    } catch (err) {
      if (!(err instanceof AppError) || !wantsPage(req)) throw err;
      return res.status(err.status).send(refusalPage({ title: 'Not found', sentence: 'There is nothing here for you to see.' }));
    }
    next();
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new NotFound('This address');
  }
}

// Before AdminJS looks: it stumbles over names such as `constructor`.
function refuseUndeclaredFilters(req: Request, resource: OfficeResource): void {
  for (const key of Object.keys(req.query)) {
    if (key === 'filters') throw new InvalidInput({ filters: 'names no field' });
    if (!key.startsWith('filters.')) continue;
    const name = key.slice('filters.'.length).replace(/~~(?:from|to)$/, '');
    if (!resource.property(name)?.spec.isFilterable) throw new InvalidInput({ [name]: 'is no field that can be filtered by' });
  }
}

function checkAction(req: Request, { spec }: OfficeResource, builtIn: ReadonlySet<string>, name: string): void {
  const own = [...(spec.actions ?? []), ...(spec.listActions ?? [])].find((action) => action.name === name);
  if (!own && !builtIn.has(name)) throw new NotFound('This action');
  const needed = own ? own.permission : ['new', 'edit', 'delete'].includes(name) ? spec.change : spec.read;
  if (needed === null || !req.actor || !canSomewhere(req.actor, needed)) throw new Forbidden();
  if (name === 'new' && !spec.create) throw new Forbidden(`${spec.label} are not made here.`);
  if (name === 'edit' && !spec.edit) throw new Forbidden(`${spec.label} are not changed here.`);
  if (name === 'delete' && !spec.remove) throw new Forbidden(`${spec.label} are not removed here.`);
  const acts = name === 'new' || name === 'delete' || own !== undefined;
  if (acts && req.method === 'GET' && isApi(req)) {
    throw new AppError('method-not-allowed', 'This action changes something: it takes POST.', { status: 405 });
  }
}

declare module 'express-session' {
  interface Session {
    /** Made at each request by introduceActor, never stored. */
    adminUser?: { id: number; name: string; role: string };
  }
}
