import { senderOfTopic, type PushedMessage } from '../domain/pushed-message.ts';
import { AppError } from '../errors.ts';
import { gather, type Waiting } from '../gather.ts';
import type { Logger } from '../logger.ts';
import { Sleeper } from '../sleeper.ts';
import { traced } from '../tracing.ts';
import { within } from './within.ts';

export interface MessageGatherer {
  /** Resolves once the message is committed; until then nobody acknowledges it. Rejects when no more may wait. */
  add(message: PushedMessage): Promise<void>;
  isFull(): boolean;
  /** Who cannot send its messages back stops reading until then. */
  whenRoom(): Promise<void>;
  close(): Promise<void>;
}

export interface GatherMessagesOptions {
  /** Resolves once all of them are committed, each of them once however often it comes. */
  take(messages: readonly PushedMessage[]): Promise<void>;
  /** Whether trying the same again can help: a database that is away comes back. */
  canPass(err: unknown): boolean;
  log: Logger;
  /** How long the first of a batch waits for others. */
  windowMs?: number;
  limit?: number;
  /** What may wait in memory altogether. */
  room?: { messages: number; bytes: number };
  /** How long until the next try, twice as long each time. */
  firstPauseMs?: number;
  longestPauseMs?: number;
}

const CLOSE_DEADLINE_MS = 5_000;
const ROOM = { messages: 20_000, bytes: 32 * 2 ** 20 };
/** Of the things around a message in memory. */
const OVERHEAD_BYTES = 200;
/** Of one statement of the database, far below what servers accept. */
const BATCH_BYTES = 4 * 2 ** 20;
/** Batches at once: the messages of one are understood while the database writes the other. */
const LANES = 2;

export class TooManyWaiting extends AppError {
  constructor() {
    super('too-many-waiting', 'Too many messages wait to be stored: send it again later.', { status: 503, retryable: true });
  }
}

class Stopping extends AppError {
  constructor(options: { cause?: unknown } = {}) {
    super('stopping', 'This process ends before it could store the message.', { status: 503, retryable: true, ...options });
  }
}

function bytesOf({ topic, payload }: PushedMessage): number {
  return topic.length + payload.byteLength + OVERHEAD_BYTES;
}

/** Always the same for a sender, so that its messages keep their order. */
function laneOf({ topic }: PushedMessage): number {
  let sum = 0;
  for (const letter of senderOfTopic(topic)) sum += letter.codePointAt(0)!;
  return sum % LANES;
}

function splitByBytes(batch: readonly Waiting<PushedMessage>[]): Waiting<PushedMessage>[][] {
  const parts: Waiting<PushedMessage>[][] = [];
  let bytes = Infinity;
  for (const waiting of batch) {
    bytes += bytesOf(waiting.item);
    if (bytes > BATCH_BYTES) {
      parts.push([]);
      bytes = bytesOf(waiting.item);
    }
    parts.at(-1)!.push(waiting);
  }
  return parts;
}

/** Messages become batches. While the database is away they wait, up to a bound; one that can never be stored holds up no other. */
export function gatherMessages({ take, canPass, log, windowMs = 5, limit = 1_000, ...options }: GatherMessagesOptions): MessageGatherer {
  const { room = ROOM, firstPauseMs = 250, longestPauseMs = 10_000 } = options;
  let [count, bytes] = [0, 0];
  let whenRoom: (() => void)[] = [];
  let waitingSinceMs: number | null = null;
  let closing = false;
  let givenUp = false;

  const isFull = () => count >= room.messages || bytes >= room.bytes;

  function succeeded(): void {
    if (waitingSinceMs === null) return;
    log.info({ waitedMs: Math.round(performance.now() - waitingSinceMs) }, 'messages are stored again');
    waitingSinceMs = null;
  }

  function failed(err: unknown): void {
    if (waitingSinceMs !== null) return;
    waitingSinceMs = performance.now();
    log.error({ err }, 'messages cannot be stored: they wait, unacknowledged');
  }

  async function settlePart(part: readonly Waiting<PushedMessage>[], pausing: Sleeper): Promise<void> {
    const messages = part.map(({ item }) => item);
    const refuseAll = (err: unknown) => {
      for (const waiting of part) waiting.failed(err);
    };
    for (let pauseMs = firstPauseMs; !givenUp; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        await take(messages);
        succeeded();
        for (const waiting of part) waiting.done();
        return;
      } catch (err) {
        if (!canPass(err)) return part.length === 1 ? refuse(part[0]!, err) : settleHalves(part, pausing);
        if (closing) return refuseAll(new Stopping({ cause: err }));
        failed(err);
        await pausing.sleep(pauseMs);
      }
    }
    refuseAll(new Stopping());
  }

  function refuse({ item, failed: tell }: Waiting<PushedMessage>, err: unknown): void {
    log.error({ err, topic: item.topic, bytes: item.payload.byteLength }, 'a message cannot be stored and is not acknowledged');
    tell(err);
  }

  async function settleHalves(part: readonly Waiting<PushedMessage>[], pausing: Sleeper): Promise<void> {
    const middle = Math.ceil(part.length / 2);
    await settlePart(part.slice(0, middle), pausing);
    await settlePart(part.slice(middle), pausing);
  }

  const lanes = Array.from({ length: LANES }, () => {
    const pausing = new Sleeper();
    const gathering = gather<PushedMessage>({
      name: 'commit messages',
      windowMs,
      limit,
      async settle(batch) {
        for (const part of splitByBytes(batch)) await settlePart(part, pausing);
      },
    });
    return { pausing, gathering };
  });

  function leave(message: PushedMessage): void {
    count -= 1;
    bytes -= bytesOf(message);
    if (whenRoom.length === 0 || count > room.messages / 2 || bytes > room.bytes / 2) return;
    const told = whenRoom;
    whenRoom = [];
    for (const tell of told) tell();
  }

  return {
    isFull,
    async add(message) {
      if (closing) throw new Stopping();
      if (isFull()) throw new TooManyWaiting();
      count += 1;
      bytes += bytesOf(message);
      try {
        const attributes = { 'wattbook.topic': message.topic, 'wattbook.bytes': message.payload.byteLength };
        await traced('message', { kind: 'consumer', attributes }, () => lanes[laneOf(message)]!.gathering.add(message));
      } finally {
        leave(message);
      }
    },
    async whenRoom() {
      if (!isFull()) return;
      await new Promise<void>((resolve) => {
        whenRoom.push(resolve);
      });
    },
    async close() {
      closing = true;
      for (const { pausing } of lanes) pausing.wake();
      await within(CLOSE_DEADLINE_MS, Promise.all(lanes.map(({ gathering }) => gathering.idle())));
      givenUp = true;
    },
  };
}
