import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { OWN_HOST } from './own-host.ts';

type Value = { stringValue?: string; intValue?: number; doubleValue?: number; boolValue?: boolean };
type Attribute = { key: string; value: Value };

interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: Attribute[];
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number };
}

interface Wire {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: WireSpan[] }[] }[];
}

export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentId: string | null;
  name: string;
  startNs: bigint;
  endNs: bigint;
  attributes: Record<string, unknown>;
  /** The spans that it is linked to. */
  links: string[];
  failed: boolean;
}

const valuesOf = (attributes: Attribute[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }): [string, unknown] => [key, Object.values(value)[0]]));

/** A collector of traces: OTLP over HTTP with JSON, and nothing else of it. */
export async function startOtlpReceiver(port = 0) {
  const spans: ReceivedSpan[] = [];
  const headers: Record<string, unknown>[] = [];
  let hangs = false;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (hangs) return undefined;
      if (request.method !== 'POST' || request.url !== '/v1/traces') return response.writeHead(404).end();
      headers.push(request.headers);
      for (const { resource, scopeSpans } of (JSON.parse(body) as Wire).resourceSpans) {
        const service = String(valuesOf(resource.attributes)['service.name']);
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push(received(service, span));
      }
      return response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(port, OWN_HOST, resolve));
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${OWN_HOST}:${taken}`,
    port: taken,
    headers,
    spans,
    /** Takes everything from now on, and never answers. */
    hang() {
      hangs = true;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function received(
  service: string,
  { startTimeUnixNano, endTimeUnixNano, parentSpanId, attributes, links, status, ...span }: WireSpan,
): ReceivedSpan {
  return {
    service,
    traceId: span.traceId,
    spanId: span.spanId,
    parentId: parentSpanId || null,
    name: span.name,
    startNs: BigInt(startTimeUnixNano),
    endNs: BigInt(endTimeUnixNano),
    attributes: valuesOf(attributes),
    links: (links ?? []).map(({ spanId }) => spanId),
    failed: status?.code === 2,
  };
}
