import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from './logger.ts';
import { measure } from './metrics.ts';
import { traceWith, type Place, type SpanSpec, type Tracer } from './tracing.ts';

const KINDS = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER };
/** In memory altogether, on their way included: about 15 MB. */
const ROOM_SPANS = 8_192;
/** A batch of outcomes has so many reads at most. */
const LINKS = 1_000;
const CLOSE_DEADLINE_MS = 3_000;

function fromTraceparent(text: string): Context {
  const [, traceId = '', spanId = '', flags = ''] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text) ?? [];
  const spanContext: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags || '0', 16), isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT;
}

function makeTracer(provider: BasicTracerProvider): Tracer {
  const tracer = provider.getTracer('wattbook');
  const places = new AsyncLocalStorage<Context>();
  const active = () => places.getStore() ?? ROOT_CONTEXT;
  const current = () => trace.getSpan(active());

  function parentOf({ parent }: SpanSpec): Context {
    if (parent === undefined) return active();
    return typeof parent === 'string' ? fromTraceparent(parent) : ((parent as Context | null) ?? ROOT_CONTEXT);
  }

  function linksTo(linked: SpanSpec['links'] = []): Link[] {
    return linked.flatMap((place) => {
      const context = place === undefined ? undefined : trace.getSpanContext(place as Context);
      return context === undefined ? [] : [{ context }];
    });
  }

  function fail(span: Span, type: string): void {
    span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
  }

  return {
    span<T>(name: string, spec: SpanSpec, work: () => Promise<T>): Promise<T> {
      const parent = parentOf(spec);
      const { kind = 'internal', attributes = {}, links } = spec;
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, links: linksTo(links) }, parent);
      return places.run(trace.setSpan(parent, span), async () => {
        try {
          return await work();
        } catch (err) {
          // Its message may have names, addresses or values in it: that is for the log.
          const { code, name: type } = err as { code?: string | number; name?: string };
          fail(span, String(code ?? type ?? 'error'));
          throw err;
        } finally {
          span.end();
        }
      });
    },
    past(name, startMs, parent) {
      const place = parent === undefined ? active() : fromTraceparent(parent);
      tracer.startSpan(name, { startTime: startMs }, place).end();
    },
    note({ 'error.type': failure, ...attributes }) {
      const span = current();
      span?.setAttributes(attributes);
      if (span && failure !== undefined) fail(span, String(failure));
    },
    rename: (name) => void current()?.updateName(name),
    here: (): Place | undefined => (current() ? active() : undefined),
    goOn: (place, work) => places.run(place as Context, work),
    traceparent() {
      const found = current()?.spanContext();
      return found && `00-${found.traceId}-${found.spanId}-${found.traceFlags.toString(16).padStart(2, '0')}`;
    },
    ids() {
      const found = current()?.spanContext();
      return found && { traceId: found.traceId, spanId: found.spanId };
    },
  };
}

/** No more spans in memory than there is room for. What does not leave is counted, and told when that begins and ends. */
function makeBounded(exporter: SpanExporter, log: Logger): SpanProcessor & { close(): Promise<void> } {
  let [pending, dropped] = [0, 0];
  let away = false;
  const drop = (spans: number, err?: unknown) => {
    dropped += spans;
    measure('wattbook_trace_spans_dropped_total', {}, spans);
    if (!away) log.warn({ err }, 'traces do not leave: spans are dropped');
    away = true;
  };
  const inner = new BatchSpanProcessor(
    {
      export(spans, done) {
        exporter.export(spans, (result) => {
          pending -= spans.length;
          if (result.error !== undefined || result.code !== 0) drop(spans.length, result.error);
          else if (away && pending < ROOM_SPANS / 2) {
            log.info({ dropped }, 'traces leave again');
            away = false;
          }
          done(result);
        });
      },
      shutdown: () => exporter.shutdown(),
    },
    { maxQueueSize: ROOM_SPANS },
  );
  return {
    onStart: (span, context) => inner.onStart(span, context),
    onEnd(span) {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      if (pending >= ROOM_SPANS) return drop(1);
      pending += 1;
      inner.onEnd(span);
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
      });
      await Promise.race([inner.shutdown().catch(() => {}), late]);
      clearTimeout(timer);
      if (pending > 0) log.warn({ spans: pending }, 'traces that had not left yet are lost');
    },
  };
}

/** Traces by OTLP over HTTP. Where to, with which headers and how many is said by the variables of OpenTelemetry, which its packages read. */
export function openOtlpTracer(service: { name: string; version: string }, log: Logger): { close(): Promise<void> } {
  const processor = makeBounded(new OTLPTraceExporter(), log);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service.name, 'service.version': service.version }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    spanLimits: { linkCountLimit: LINKS },
    spanProcessors: [processor],
  });
  traceWith(makeTracer(provider));
  return {
    async close() {
      traceWith(null);
      await processor.close();
    },
  };
}
