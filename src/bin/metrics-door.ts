import { closeServer, makeHttpServer } from '../api/serve.ts';
import { InvalidInput } from '../errors.ts';
import { metricsToken } from '../http/metrics-token.ts';
import { listenOnPort } from '../listen.ts';
import type { Metrics } from '../metrics-registry.ts';
import type { ProcessContext } from './process.ts';

const GRACE_MS = 1_000;

/** `/metrics` of a process that has no pages, with the token of all others, and nothing else. */
export async function openMetricsDoor(
  { config, log, shutdown }: Omit<ProcessContext, 'metrics'>,
  { registry }: Metrics,
  port: number,
): Promise<void> {
  if (config.METRICS_TOKEN === undefined) throw new InvalidInput({ METRICS_TOKEN: 'is needed with METRICS_PORT' });
  const mayRead = metricsToken(config.METRICS_TOKEN);
  const server = makeHttpServer((request, response) => {
    if (request.url !== '/metrics') response.writeHead(404).end();
    else if (!mayRead(request.headers.authorization)) response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
    else {
      registry.metrics().then(
        (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
        (err: unknown) => {
          log.error({ err }, 'metrics');
          response.writeHead(500).end();
        },
      );
    }
  });
  const taken = await listenOnPort(
    server,
    { host: config.HOST, port, insists: true },
    { what: 'The metrics', hostName: 'HOST', portName: 'METRICS_PORT' },
  );
  shutdown.add('metrics door', () => closeServer(server, GRACE_MS));
  log.info({ host: config.HOST, port: taken }, 'metrics listening');
}
