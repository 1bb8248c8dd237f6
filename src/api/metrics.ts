import type { Request, RequestHandler, Response } from 'express';
import { Unauthorised } from '../errors.ts';
import { metricsToken } from '../http/metrics-token.ts';
import { measure } from '../metrics.ts';
import type { Metrics } from '../metrics-registry.ts';
import { note, renameSpan, traced } from '../tracing.ts';

// The declared path, never the address: that one has ids in it, and there is no end of them.
function routeOf(request: Request, response: Response): string {
  if (response.locals.route !== undefined) return response.locals.route;
  return request.originalUrl.startsWith('/admin') ? '/admin' : 'other';
}

export function makeMetrics({ token, metrics: { registry } }: { token: string | undefined; metrics: Metrics }): {
  trace: RequestHandler;
  watch: RequestHandler;
  answer: RequestHandler;
} {
  const mayRead = metricsToken(token);
  return {
    // Whoever asks from outside does not say what is traced here: each request begins a trace.
    trace(request, response, next) {
      void traced(request.method, { kind: 'server', parent: null, attributes: { 'http.request.method': request.method } }, async () => {
        await new Promise<void>((resolve) => {
          response.once('close', () => resolve());
          next();
        });
        const route = routeOf(request, response);
        renameSpan(`${request.method} ${route}`);
        note({ 'http.route': route, 'http.response.status_code': response.statusCode });
        if (response.statusCode >= 500) note({ 'error.type': String(response.statusCode) });
      });
    },
    watch(request, response, next) {
      const startedMs = performance.now();
      response.on('finish', () => {
        const labels = { method: request.method, route: routeOf(request, response), status_code: String(response.statusCode) };
        measure('http_request_duration_seconds', labels, (performance.now() - startedMs) / 1_000);
      });
      next();
    },
    async answer(request: Request, response: Response) {
      if (!mayRead(request.headers.authorization)) throw new Unauthorised('Send METRICS_TOKEN as a bearer token.');
      response.type(registry.contentType).send(await registry.metrics());
    },
  };
}
