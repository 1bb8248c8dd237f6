import { fileURLToPath } from 'node:url';
import { buildRouter } from '@adminjs/express';
import AdminJS, { Router as adminRoutes, type AdminJSOptions, type BrandingOptions, type CurrentAdmin } from 'adminjs';
import { Router, type Request, type Response } from 'express';
import { canSomewhere } from '../domain/permission.ts';
import { actorOf } from './actor.ts';
import { loadDataModel } from './adapter/data-model.ts';
import { OfficeResource } from './adapter/resource.ts';
import { whatNeedsAttention } from './dashboard.ts';
import { doorKeeper, refuseUnseen } from './door.ts';
import { readForm } from './form-body.ts';
import type { OfficeDeps } from './office-deps.ts';
import { fitPages } from './office-page.ts';
import { OFFICE_STYLE } from './office-style.ts';
import { makeQueueBoard } from './queue-board.ts';
import { readingsOfDay } from './readings-page.ts';
import { resourceOptions } from './resource-options.ts';
import { resourceSpecs } from './resources/index.ts';
import { texts } from './texts.ts';

// From src/ and from dist/ alike.
const COMPONENTS_BUNDLE = fileURLToPath(new URL('../../dist/admin/components.bundle.js', import.meta.url));

const THEME = {
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  colors: {
    primary100: '#0b6e5f',
    primary80: '#3c8b7f',
    primary60: '#6da89f',
    primary40: '#9ec5bf',
    primary20: '#cee2df',
    accent: '#0b6e5f',
    grey40: '#64748b',
    grey60: '#64748b',
  },
} as object as NonNullable<BrandingOptions['theme']>;

const FAVICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26"><rect width="26" height="26" rx="7" fill="#0b6e5f"/><path d="M14.5 4 7 14.5h5L11 22l8-11h-5.2z" fill="#fff"/></svg>',
)}`;

/** The back office and the queues, to be mounted at /admin behind session, actor and guard. */
export async function makeOffice(deps: OfficeDeps): Promise<Router> {
  const resources = makeResources(deps);
  const admin = new AdminJS(adminOptions(deps, resources));
  // It would bundle the components now; the build did.
  admin.initialize = async () => {};
  const router = Router();
  router.use('/queues', makeQueueBoard(deps));
  router.use(doorKeeper('office:open'));
  router.get('/frontend/assets/components.bundle.js', (_req: Request, res: Response) => {
    res.type('text/javascript').sendFile(deps.componentsBundle ?? COMPONENTS_BUNDLE);
  });
  router.get('/login', (_req: Request, res: Response) => res.redirect(302, '/'));
  router.use(
    refuseUnseen(resources),
    ...readForm(),
    fitPages(() => OFFICE_STYLE),
  );
  useProductionAssets();
  return buildRouter(admin, router as never) as unknown as Router;
}

function makeResources(deps: OfficeDeps): OfficeResource[] {
  const dataModel = loadDataModel();
  const specs = resourceSpecs(deps);
  const idOf = new Map(specs.map((spec) => [spec.model, spec.id]));
  const resourceOf = (model: string): string | null => idOf.get(model) ?? null;
  return specs.map((spec) => new OfficeResource(spec, { prisma: deps.database.prisma, dataModel, resourceOf }));
}

function adminOptions(deps: OfficeDeps, resources: OfficeResource[]): AdminJSOptions {
  return {
    rootPath: '/admin',
    loginPath: '/admin/login',
    logoutPath: '/admin/logout',
    dashboard: { component: 'Dashboard', handler: (_req, _res, { currentAdmin }) => whatNeedsAttention(deps, actorOf(currentAdmin)) },
    pages: {
      readings: {
        component: 'Readings',
        handler: ({ query }: Request, _res, { currentAdmin }) => readingsOfDay(deps, actorOf(currentAdmin), query),
      },
      // It goes by REST.
      keeping: { component: 'Keeping', handler: async () => ({}) },
      import: { component: 'ImportData', handler: async () => ({}) },
      senders: { component: 'UnknownSenders', handler: async () => ({}) },
    },
    resources: resources.map((resource) => ({ resource, options: resourceOptions(resource.spec) })),
    locale: { language: 'en', availableLanguages: ['en'], translations: { en: texts(resources.map((resource) => resource.spec)) } },
    branding,
    settings: { defaultPerPage: 25 },
  };
}

function branding(currentAdmin?: CurrentAdmin): BrandingOptions & Record<'queues' | 'keeping' | 'imports', boolean> {
  return {
    companyName: 'Wattbook',
    logo: false,
    withMadeWithLove: false,
    favicon: FAVICON,
    theme: THEME,
    // Our navigation asks; AdminJS hands branding to the page as it is.
    queues: currentAdmin !== undefined && canSomewhere(actorOf(currentAdmin), 'queue:read'),
    imports: currentAdmin !== undefined && canSomewhere(actorOf(currentAdmin), 'building:change'),
    keeping: currentAdmin !== undefined && canSomewhere(actorOf(currentAdmin), 'setting:read'),
  };
}

// AdminJS chooses by NODE_ENV; its development bundles are 14 MB.
function useProductionAssets(): void {
  for (const asset of adminRoutes.assets) asset.src = asset.src.replace(/\.development\.js$/, '.production.js');
}
