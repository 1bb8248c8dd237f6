/** What the person at the terminal sees. */
export interface Terminal {
  /** Shows that a long step is alive, and how long it took. `tell` adds how far it is. */
  step<T>(title: string, action: (tell: (detail: string) => void) => Promise<T>): Promise<T>;
  say(sentence: string): void;
  box(lines: readonly string[]): void;
}

const CLEAR = '\r\u001B[K';
const REDRAW_MS = 250;
/** A log file gets a line now and then, not one for each number. */
const RETELL_MS = 3_000;

export function openTerminal(output: NodeJS.WriteStream, clock: () => number): Terminal {
  const live = output.isTTY;
  let drawn = '';
  const say = (sentence: string) => output.write(`${live ? CLEAR : ''}${sentence}\n${drawn}`);
  return {
    say,
    async step(title, action) {
      const startMs = clock();
      const seconds = () => `${((clock() - startMs) / 1000).toFixed(1)} s`;
      let detail = '';
      let toldMs = startMs;
      const draw = () => {
        if (!live) return;
        drawn = `  ${title} ... ${seconds()} ${detail}`.slice(0, (output.columns ?? 80) - 1);
        output.write(`${CLEAR}${drawn}`);
      };
      const finish = (word: string) => {
        clearInterval(timer);
        drawn = '';
        say(`  ${title}: ${word} ${seconds()}`);
      };
      if (!live) output.write(`  ${title} ...\n`);
      draw();
      const timer = setInterval(draw, REDRAW_MS);
      try {
        const result = await action((now) => {
          detail = now;
          if (live || clock() - toldMs < RETELL_MS) return;
          toldMs = clock();
          output.write(`    ${now}\n`);
        });
        finish('done in');
        return result;
      } catch (err) {
        finish('failed after');
        throw err;
      }
    },
    box(lines) {
      const width = Math.max(...lines.map((line) => line.length));
      const edge = '─'.repeat(width + 4);
      const rows = lines.map((line) => `│  ${line.padEnd(width)}  │`);
      output.write(`\n┌${edge}┐\n${rows.join('\n')}\n└${edge}┘\n\n`);
    },
  };
}
