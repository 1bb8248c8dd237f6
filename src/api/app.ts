import { randomUUID } from 'node:crypto';
import compression from 'compression';
import express, { Router, type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { pinoHttp } from 'pino-http';
import { sessionSecret } from '../config.ts';
import { say } from '../domain/refusal.ts';
import { AppError, NotFound } from '../errors.ts';
import { loadActor } from '../http/actor.ts';
import { capBody, jsonBody } from '../http/body-limits.ts';
import { makeGuard } from '../http/guard.ts';
import { makeLogInLimit, type LogInLimit } from '../http/log-in-limit.ts';
import { makePasswordHashing, type PasswordHashing } from '../http/password.ts';
import { makeProblemHandler } from '../http/problem.ts';
import { makeQuotas } from '../http/quota.ts';
import { makeOutgoing, outgoingRules } from '../http/outgoing.ts';
import { makeSecretBox } from '../http/secret-box.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { makeSessions } from '../http/session.ts';
import type { Metrics } from '../metrics-registry.ts';
import { makeActors } from '../store/actors.ts';
import { makeReportFiles } from '../store/report-files.ts';
import { isTracing } from '../tracing.ts';
import { announceChanges } from './announce-changes.ts';
import { mountRoutes, sendJson, type Route } from './contract.ts';
import type { ApiDeps } from './deps.ts';
import { makeDownloadLimit } from './download-limit.ts';
import { isFile } from './file.ts';
import { makeHealth } from './health.ts';
import { makeMetrics } from './metrics.ts';
import { API_PREFIX, makeOpenApi } from './openapi.ts';
import { makeAssets, makePages } from './pages.ts';
import { ROUTES } from './routes.ts';

export interface AppDeps extends Omit<
  ApiDeps,
  'hashing' | 'limit' | 'quotas' | 'box' | 'webhookBox' | 'outgoing' | 'readCron' | 'downloads' | 'files'
> {
  /** The folder that Vite built. */
  webRoot: string;
  version: string;
  /** When this process started; ticks before that are nobody's fault. */
  startedMs: number;
  /** AdminJS and Bull Board, mounted at /admin. */
  office?: Router;
  /** Actions of the back office that are read by GET, besides AdminJS's own. */
  officeReadActions?: readonly string[];
  /** ChatService by Connect and gRPC-Web, mounted at /rpc. */
  chat?: RequestHandler;
  /** The page of the mail catcher, mounted at /dev/mail. */
  mailbox?: Router;
  metrics: Metrics;
  /** Given by tests only: cheaper passwords, no waiting. */
  hashing?: PasswordHashing;
  limit?: LogInLimit;
  routes?: readonly Route[];
}

const TOKEN_FREE = [
  { method: 'POST', path: `${API_PREFIX}/session` },
  { method: 'POST', path: `${API_PREFIX}/first-administrator` },
  // The token in it is the secret; the browser may have the session of somebody else.
  { method: 'POST', path: `${API_PREFIX}/password-reset` },
  { method: 'POST', path: `${API_PREFIX}/password-link/open` },
  { method: 'POST', path: `${API_PREFIX}/password-link/use` },
];

function requestLog(log: ApiDeps['log']) {
  return pinoHttp({
    logger: log,
    genReqId: () => randomUUID(),
    // What failed is logged with its cause where it becomes a problem document.
    customLogLevel: () => 'debug',
    // Neither bodies nor headers: they carry passwords and tokens. The path has no secret, its query could.
    serializers: {
      req: (request: { id: string; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split('?')[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
}

function neverStored(_request: Request, response: Response, next: NextFunction): void {
  response.set('Cache-Control', 'no-store');
  next();
}

/** Routes outside /api/v1; all that is asked for elsewhere passes. */
function makeRoot(deps: ApiDeps, routes: readonly Route[]): Router {
  const root = Router();
  if (routes.length > 0) root.use([...new Set(routes.map(({ path }) => path))], neverStored);
  mountRoutes(root, routes, deps);
  return root;
}

function makeApi(deps: ApiDeps, routes: readonly Route[]): Router {
  const api = Router();
  api.use(neverStored);
  const takesFile = ({ method, path }: Request) =>
    routes.some((route) => isFile(route.body) && route.path === path && route.method === method.toLowerCase());
  api.use(...jsonBody(takesFile));
  mountRoutes(api, routes, deps);
  api.use(() => {
    throw new NotFound('This address');
  });
  return api;
}

export function makeApp(deps: AppDeps): Express {
  const { config, log, redis, clock, database } = deps;
  const routes = deps.routes ?? ROUTES;
  const hashing = deps.hashing ?? makePasswordHashing();
  const secret = sessionSecret(config);
  const limit = deps.limit ?? makeLogInLimit(redis);
  const metrics = makeMetrics({ token: config.METRICS_TOKEN, metrics: deps.metrics });
  const document = makeOpenApi(routes, deps.version);

  const api: ApiDeps = {
    config,
    readCron: config.READ_CRON,
    log,
    database,
    redis,
    adHoc: deps.adHoc,
    scans: deps.scans,
    collections: deps.collections,
    queues: deps.queues,
    exports: deps.exports,
    downloads: makeDownloadLimit(),
    files: makeReportFiles(config.WATTBOOK_DATA),
    clock,
    hashing,
    limit,
    quotas: makeQuotas(redis),
    box: makeSecretBox(secret, 'second factor'),
    webhookBox: makeSecretBox(secret, 'webhook'),
    outgoing: makeOutgoing(outgoingRules(config)),
  };
  const atRoot = routes.filter(({ root }) => root);
  const open = atRoot.filter(({ permission }) => permission === 'public');
  const closed = atRoot.filter((one) => !open.includes(one));

  const app = express();
  app
    .disable('x-powered-by')
    .disable('etag')
    .set('query parser', 'simple')
    .set('trust proxy', config.TRUST_PROXY ? 1 : false);
  app.use((request: Request, _response: Response, next: NextFunction) => {
    request.actor = null;
    request.actorVia = null;
    request.pusher = null;
    next();
  });
  app.use(...securityHeaders({ behindTls: config.TRUST_PROXY }));
  app.use((request: Request, _response: Response, next: NextFunction) => {
    // `GET * HTTP/1.1` passes Node; the session and every route know only paths.
    if (!request.path.startsWith('/')) throw new AppError('invalid-input', say('addressWithoutSlash'), { status: 400 });
    next();
  });
  app.use(makeHealth(deps));
  // Before the session: they answer without Redis.
  app.use(makeRoot(api, open));
  app.get('/metrics', metrics.answer);
  if (isTracing()) app.use(metrics.trace);
  app.use(metrics.watch, requestLog(log));
  app.use(compression({ filter: (request, response) => !request.url.startsWith('/rpc') && compression.filter(request, response) }));
  app.use('/assets', makeAssets(deps.webRoot));
  app.use(capBody());
  app.use(makeSessions({ redis, secret, behindTls: config.TRUST_PROXY }));
  app.use(loadActor({ actors: makeActors(database), clock }));
  app.use(makeGuard({ publicUrl: config.PUBLIC_URL, tokenFree: TOKEN_FREE, officeReadActions: deps.officeReadActions ?? [] }));
  // What is said in the chat changes nobody's rights.
  if (deps.chat) app.use('/rpc', deps.chat);
  app.use(announceChanges(redis, log));
  app.get('/openapi.json', (request: Request, response: Response) => {
    response.set('Cache-Control', 'no-cache');
    sendJson(request, response, document);
  });
  app.use(makeRoot(api, closed));
  app.use(
    API_PREFIX,
    makeApi(
      api,
      routes.filter((one) => !atRoot.includes(one)),
    ),
  );
  if (deps.office) app.use('/admin', deps.office);
  if (deps.mailbox) app.use('/dev/mail', deps.mailbox);
  app.use(makePages(deps.webRoot));
  app.use(makeProblemHandler(log));
  return app;
}
