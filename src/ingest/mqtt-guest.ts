import { makePace } from '../domain/pace.ts';
import { mayPush, type Pusher } from '../domain/pushed-message.ts';
import { AppError, Forbidden, Unauthorised } from '../errors.ts';
import { pause } from '../gather.ts';
import type { MessageGatherer } from './gather-messages.ts';

export type Authenticate = (username: string, password: string) => Promise<Pusher | null>;

export interface GuestLimits {
  messagesPerSecond: number;
  /** So many come at once before the pace counts: what a gateway held back while it was cut off. */
  burst: number;
  /** What of one source may be unacknowledged at once. */
  inFlight: number;
  inFlightBytes: number;
  subscriptions: number;
  /** After that its rights are asked for again. */
  trustMs: number;
}

class TooManyInFlight extends AppError {
  constructor() {
    super('too-many-in-flight', 'Too many messages of this client are not acknowledged yet.', { status: 429, retryable: true });
  }
}

/** What all connections of one source share, those that have ended with messages on their way too. */
export interface Source {
  pace(nowMs: number): number;
  inFlight: number;
  inFlightBytes: number;
}

export function makeSources({ messagesPerSecond, burst }: GuestLimits): (sourceId: number) => Source {
  const sources = new Map<number, Source>();
  return (sourceId) => {
    const known = sources.get(sourceId) ?? { pace: makePace({ perSecond: messagesPerSecond, burst }), inFlight: 0, inFlightBytes: 0 };
    sources.set(sourceId, known);
    return known;
  };
}

export interface GuestOptions {
  username: string;
  pusher: Pusher;
  /** With the name and password that it came with. */
  askAgain(): Promise<Pusher | null>;
  source: Source;
  gatherer: Pick<MessageGatherer, 'add'>;
  limits: GuestLimits;
  clock: () => number;
  /** Milliseconds that never step back. */
  monotonic: () => number;
}

/** One connection that gave a name and a password, and what it may do. */
export class Guest {
  readonly username: string;
  readonly #options: GuestOptions;
  #pusher: Pusher;
  #askedMs: number;
  #asking: Promise<void> | null = null;
  #subscriptions = 0;

  constructor(options: GuestOptions) {
    this.username = options.username;
    this.#options = options;
    this.#pusher = options.pusher;
    this.#askedMs = options.monotonic();
  }

  /** A topic; or a filter, whose topics are then all among its own. */
  reaches(topic: string): boolean {
    return mayPush(this.#pusher, topic);
  }

  maySubscribe(filter: string): boolean {
    if (filter.startsWith('$') || !this.reaches(filter) || this.#subscriptions >= this.#options.limits.subscriptions) return false;
    this.#subscriptions += 1;
    return true;
  }

  /** Resolves once it is committed. Whatever it rejects with ends the connection. */
  async publish(topic: string, payload: Uint8Array): Promise<void> {
    const { limits, source, gatherer, clock, monotonic } = this.#options;
    if (source.inFlight >= limits.inFlight || source.inFlightBytes >= limits.inFlightBytes) throw new TooManyInFlight();
    source.inFlight += 1;
    source.inFlightBytes += payload.byteLength;
    try {
      await this.#renewTrust();
      if (!this.reaches(topic)) throw new Forbidden('This topic is not among its own.');
      const waitMs = source.pace(monotonic());
      if (waitMs > 0) await pause(waitMs);
      await gatherer.add({ topic, payload, receivedMs: clock(), sourceId: this.#pusher.id });
    } finally {
      source.inFlight -= 1;
      source.inFlightBytes -= payload.byteLength;
    }
  }

  async #renewTrust(): Promise<void> {
    if (this.#options.monotonic() - this.#askedMs < this.#options.limits.trustMs) return;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    await this.#asking;
  }

  async #ask(): Promise<void> {
    const { askAgain, monotonic } = this.#options;
    const answer = await askAgain().then(
      (pusher) => pusher ?? 'nobody',
      // While nobody can be asked nothing is committed either: its messages wait.
      () => this.#pusher,
    );
    if (answer === 'nobody') throw new Unauthorised('Its name or password is no longer valid.');
    this.#pusher = answer;
    this.#askedMs = monotonic();
  }
}
