import { createHash } from 'node:crypto';
import type { PushedMessage } from '../../src/domain/pushed-message.ts';
import { AppError } from '../../src/errors.ts';

export function hashOf({ topic, payload }: Pick<PushedMessage, 'topic' | 'payload'>): string {
  return createHash('sha256').update(topic).update('\0').update(payload).digest('hex');
}

class Away extends AppError {
  constructor() {
    super('away', 'The database is away.', { retryable: true });
  }
}

/** In place of the database: what was committed, in batches that a test can hold back or make fail. */
export class PushedStore {
  readonly committed: PushedMessage[] = [];
  /** How many messages each call brought, whatever became of it. */
  readonly batches: number[] = [];
  failures = 0;
  /** What can never be stored. */
  poison: string | null = null;
  #gate: Promise<void> = Promise.resolve();
  #open = () => {};

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#open();
  }

  readonly take = async (messages: readonly PushedMessage[]): Promise<void> => {
    this.batches.push(messages.length);
    await this.#gate;
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Away();
    }
    if (messages.some(({ topic }) => topic === this.poison)) throw new TypeError('cannot be stored');
    this.committed.push(...messages);
  };

  readonly canPass = (err: unknown): boolean => err instanceof AppError;

  hashes(): Set<string> {
    return new Set(this.committed.map(hashOf));
  }

  topics(): string[] {
    return this.committed.map(({ topic }) => topic);
  }
}
