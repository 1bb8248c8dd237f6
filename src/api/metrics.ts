import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Unauthorised } from '../errors.ts';

/** Queue name -> state -> how many jobs. */
export type QueueDepths = () => Promise<Record<string, Record<string, number>>>;

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

// The declared path, never the address: that one has ids in it, and there is no end of them.
function routeOf(request: Request, response: Response): string {
  if (response.locals.route !== undefined) return response.locals.route;
  return request.originalUrl.startsWith('/admin') ? '/admin' : 'other';
}

/** Poller name -> the process that reads its lines, such as `cellar-pc:1234`. */
export type PollerHolders = () => Promise<Map<string, string>>;

export function makeMetrics(options: {
  token: string | undefined;
  queueDepths?: QueueDepths | undefined;
  pollerHolders?: PollerHolders | undefined;
}): {
  watch: RequestHandler;
  answer: RequestHandler;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'wattbook_http_request_seconds',
    help: 'How long requests took',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const { queueDepths } = options;
  if (queueDepths) {
    registry.registerMetric(
      new Gauge({
        name: 'wattbook_queue_jobs',
        help: 'Jobs in the queues by state',
        labelNames: ['queue', 'state'] as const,
        registers: [],
        async collect() {
          this.reset();
          for (const [queue, states] of Object.entries(await queueDepths())) {
            for (const [state, jobs] of Object.entries(states)) this.set({ queue, state }, jobs);
          }
        },
      }),
    );
  }
  const { pollerHolders } = options;
  if (pollerHolders) {
    registry.registerMetric(
      new Gauge({
        name: 'wattbook_poller_holder',
        help: 'Which process reads the lines of a poller name; none while nobody does',
        labelNames: ['poller', 'holder'] as const,
        registers: [],
        async collect() {
          this.reset();
          for (const [poller, holder] of await pollerHolders()) this.set({ poller, holder }, 1);
        },
      }),
    );
  }
  const expected = options.token === undefined ? null : digest(`Bearer ${options.token}`);
  return {
    watch(request, response, next) {
      const startedNs = process.hrtime.bigint();
      response.on('finish', () => {
        const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
        durations.observe({ method: request.method, route: routeOf(request, response), status: response.statusCode }, seconds);
      });
      next();
    },
    async answer(request: Request, response: Response) {
      if (expected === null || !timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
        throw new Unauthorised('Send METRICS_TOKEN as a bearer token.');
      }
      response.type(registry.contentType).send(await registry.metrics());
    },
  };
}
