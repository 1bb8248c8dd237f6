import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Ledger, readLedger, type Answer } from '../../src/simulator/ledger.ts';

function answerAt(atMs: number, words: number[], outcome: Answer['outcome'] = 'values'): Answer {
  return { atMs, serial: 'A', unitId: 1, function: 4, address: 10, words, outcome };
}

describe('the ledger of the simulator', () => {
  test('it knows whether a meter answered these words for this register in this time', () => {
    const ledger = new Ledger();
    ledger.add(answerAt(1_000, [1, 2, 3, 4]));
    const asked = { serial: 'A', address: 12, words: [3, 4], fromMs: 1_000, toMs: 1_001 };
    expect(ledger.wasAnswered(asked)?.atMs).toBe(1_000);
    expect(ledger.wasAnswered({ ...asked, address: 10 })).toBeNull();
    expect(ledger.wasAnswered({ ...asked, words: [3, 5] })).toBeNull();
    expect(ledger.wasAnswered({ ...asked, words: [3, 4, 5] })).toBeNull();
    expect(ledger.wasAnswered({ ...asked, serial: 'B' })).toBeNull();
    expect(ledger.wasAnswered({ ...asked, toMs: 1_000 })).toBeNull();
    expect(ledger.wasAnswered({ ...asked, fromMs: 1_001, toMs: 2_000 })).toBeNull();
  });

  test('it forgets the oldest answers of a busy meter and none of a quiet one', () => {
    const ledger = new Ledger({ answersKept: 40 });
    ledger.add({ ...answerAt(1, [7]), serial: 'quiet' });
    for (let atMs = 1; atMs <= 1_000; atMs += 1) ledger.add(answerAt(atMs, [atMs]));
    const kept = ledger.answersOf('A');
    expect(kept.length).toBeGreaterThanOrEqual(10);
    expect(kept.length).toBeLessThanOrEqual(20);
    expect(kept.at(-1)?.atMs).toBe(1_000);
    expect(ledger.answersOf('quiet')).toHaveLength(1);
    expect(ledger.count).toBe(1_001);
  });

  test('its file judges after the simulator was killed in the middle of a line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    try {
      const file = join(folder, 'answers.jsonl');
      const ledger = new Ledger({ file, answersKept: 2 });
      for (let atMs = 1; atMs <= 50; atMs += 1) ledger.add(answerAt(atMs, [atMs]));
      await ledger.close();
      appendFileSync(file, '{"atMs":51,"serial":"A"');
      const read = readLedger(file);
      expect(read.answersOf('A')).toHaveLength(50);
      expect(read.wasAnswered({ serial: 'A', address: 10, words: [1], fromMs: 1, toMs: 2 })).not.toBeNull();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
