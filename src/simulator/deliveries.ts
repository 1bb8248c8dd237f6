import { AppError } from '../errors.ts';

export interface Tally {
  sent: number;
  acknowledged: number;
  refused: number;
}

export interface DeliveriesOptions {
  /** Unacknowledged at once. */
  most: number;
  onRefused(sentence: string): void;
}

/** Messages on their way: so many at once, each counted until the other side has it or refuses it. */
export class Deliveries {
  readonly tally: Tally = { sent: 0, acknowledged: 0, refused: 0 };
  readonly #options: DeliveriesOptions;
  readonly #onTheirWay = new Set<Promise<void>>();

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  get open(): number {
    return this.#onTheirWay.size;
  }

  /** Resolves when there is room for the next one. */
  async add(deliver: () => Promise<void>): Promise<void> {
    this.tally.sent += 1;
    const delivered = this.#settle(deliver).finally(() => this.#onTheirWay.delete(delivered));
    this.#onTheirWay.add(delivered);
    while (this.#onTheirWay.size >= this.#options.most) await Promise.race(this.#onTheirWay);
  }

  async #settle(deliver: () => Promise<void>): Promise<void> {
    try {
      await deliver();
      this.tally.acknowledged += 1;
    } catch (err) {
      this.tally.refused += 1;
      this.#options.onRefused(err instanceof AppError ? err.message : String(err));
    }
  }

  async allSettled(): Promise<void> {
    await Promise.all(this.#onTheirWay);
  }
}
