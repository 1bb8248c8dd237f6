import type { Logger } from './logger.ts';

type Closer = () => Promise<void> | void;

/** Closers run in reverse order of their registration, each at most once; one that fails does not stop the rest. */
export class Shutdown {
  readonly #closers: { name: string; close: Closer }[] = [];
  readonly #log: Logger;
  #done: Promise<void> | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(name: string, close: Closer): void {
    this.#closers.push({ name, close });
  }

  run(): Promise<void> {
    this.#done ??= this.#closeAll();
    return this.#done;
  }

  async #closeAll(): Promise<void> {
    for (const { name, close } of this.#closers.toReversed()) {
      try {
        await close();
      } catch (err) {
        this.#log.error({ err, closer: name }, 'could not close');
      }
    }
  }
}
