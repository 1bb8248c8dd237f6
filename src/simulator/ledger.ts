import { createWriteStream, readFileSync, type WriteStream } from 'node:fs';

/** One answer that a virtual meter gave. */
export interface Answer {
  atMs: number;
  serial: string;
  unitId: number;
  function: number;
  address: number;
  /** The true values; empty when it answered an exception or garbage. */
  words: number[];
  outcome: 'values' | 'exception' | 'garbage';
}

export interface Question {
  serial: string;
  address: number;
  words: readonly number[];
  fromMs: number;
  toMs: number;
}

/** Every answer the simulator gave, newest last: the judge of the fault tests. Bounded in memory, complete in its file. */
export class Ledger {
  readonly #answers = new Map<string, Answer[]>();
  readonly #answersKept: number;
  readonly #file: WriteStream | null;
  #count = 0;

  constructor(options: { answersKept?: number; file?: string } = {}) {
    this.#answersKept = options.answersKept ?? 100_000;
    this.#file = options.file === undefined ? null : createWriteStream(options.file, { flags: 'a' });
  }

  get count(): number {
    return this.#count;
  }

  add(answer: Answer): void {
    this.#count += 1;
    this.#file?.write(`${JSON.stringify(answer)}\n`);
    const known = this.#answers.get(answer.serial);
    if (!known) {
      this.#answers.set(answer.serial, [answer]);
      return;
    }
    // Each meter has its share, so that a busy one does not push out what a quiet one said. In blocks: to move the whole
    // list at every answer would cost more than to answer.
    const block = Math.max(5, Math.floor(this.#answersKept / 2 / this.#answers.size));
    if (known.push(answer) > 2 * block) known.splice(0, known.length - block);
  }

  /** In the half-open range [fromMs, toMs). */
  answersOf(serial: string, fromMs = 0, toMs = Infinity): Answer[] {
    return (this.#answers.get(serial) ?? []).filter((answer) => answer.atMs >= fromMs && answer.atMs < toMs);
  }

  /** The answer in which that meter gave these words for this register in that time; null when it never did. */
  wasAnswered({ serial, address, words, fromMs, toMs }: Question): Answer | null {
    const answers = this.answersOf(serial, fromMs, toMs);
    return answers.find((answer) => answer.outcome === 'values' && holds(answer, address, words)) ?? null;
  }

  async close(): Promise<void> {
    const file = this.#file;
    if (file) await new Promise<void>((resolve, reject) => file.end((err?: Error | null) => (err ? reject(err) : resolve())));
  }
}

function holds(answer: Answer, address: number, words: readonly number[]): boolean {
  const offset = address - answer.address;
  return offset >= 0 && offset + words.length <= answer.words.length && words.every((word, index) => answer.words[offset + index] === word);
}

/** The ledger of a simulator that ran as a process of its own; a line cut off by a kill is left out. */
export function readLedger(file: string): Ledger {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const ledger = new Ledger({ answersKept: Infinity });
  for (const line of lines) ledger.add(JSON.parse(line) as Answer);
  return ledger;
}
