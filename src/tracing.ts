export type Attributes = Record<string, string | number | boolean>;

/** Somewhere in a trace; only the tracer knows what is in it. */
export type Place = object;

export interface SpanSpec {
  kind?: 'internal' | 'server' | 'client' | 'consumer';
  attributes?: Attributes;
  /** Of whom it is a part: where one is if not said, what a job carries, or null for nobody. */
  parent?: Place | string | null | undefined;
  /** What it belongs to besides. */
  links?: readonly (Place | undefined)[];
}

export interface Tracer {
  span<T>(name: string, spec: SpanSpec, work: () => Promise<T>): Promise<T>;
  /** A span that began then and is over. */
  past(name: string, startMs: number, parent?: string): void;
  note(attributes: Attributes): void;
  rename(name: string): void;
  here(): Place | undefined;
  goOn<T>(place: Place, work: () => T): T;
  /** Where one is, as W3C has it. */
  traceparent(): string | undefined;
  ids(): { traceId: string; spanId: string } | undefined;
}

// Without a collector nothing is traced, and nothing of it is loaded.
let tracer: Tracer | null = null;

export function traceWith(by: Tracer | null): void {
  tracer = by;
}

export function isTracing(): boolean {
  return tracer !== null;
}

/** The work is a span of its own. */
export function traced<T>(name: string, spec: SpanSpec, work: () => Promise<T>): Promise<T> {
  return tracer === null ? work() : tracer.span(name, spec, work);
}

/** The work is a part of what goes on; where nothing does it is no span. */
export function step<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer?.here() === undefined ? work() : tracer.span(name, { attributes }, work);
}

/** Something was waited for since then. */
export function waited(name: string, sinceMs: number, parent: string): void {
  tracer?.past(name, sinceMs, parent);
}

/** The same work, going on where one is now whoever calls it; the time until it is called first was a wait. */
export function afterWait<Given extends unknown[], T>(name: string, work: (...given: Given) => T): (...given: Given) => T {
  const [by, place] = [tracer, tracer?.here()];
  if (by === null || place === undefined) return work;
  const sinceMs = Date.now();
  let waits = true;
  return (...given) =>
    by.goOn(place, () => {
      if (waits) by.past(name, sinceMs);
      waits = false;
      return work(...given);
    });
}

/** Facts of the span one is in; `error.type` says that it failed. */
export function note(attributes: Attributes): void {
  tracer?.note(attributes);
}

export function renameSpan(name: string): void {
  tracer?.rename(name);
}

export function here(): Place | undefined {
  return tracer?.here();
}

/** What a job carries so that its work goes on in this trace; nothing at all while nothing is traced. */
export function traceparent(): string | undefined {
  return tracer?.traceparent();
}

/** For log lines. */
export function traceIds(): object {
  return tracer?.ids() ?? {};
}
