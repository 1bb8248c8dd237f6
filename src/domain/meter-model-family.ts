import { parseMeterModel, type ParsedModel } from './meter-model-csv.ts';
import { baseKeyOf } from './meter-model-header.ts';
import type { MeterModel } from './meter-model.ts';

/** A file and those whose registers it takes over, itself first; a circle ends where it closes. */
export function* familyOf(key: string, textOf: (key: string) => string | undefined): Generator<{ key: string; text: string }> {
  const seen = new Set<string>();
  for (let next: string | null = key; next !== null && !seen.has(next);) {
    const text = textOf(next);
    if (text === undefined) return;
    seen.add(next);
    yield { key: next, text };
    next = baseKeyOf(text);
  }
}

/** A model of a folder of files, with the registers that it has from others. What is wrong in one of those is told there. */
export function parseModelFamily(key: string, textOf: (key: string) => string | undefined): ParsedModel {
  const [own, ...bases] = [...familyOf(key, textOf)];
  let base: MeterModel | null = null;
  for (const ancestor of bases.toReversed()) {
    const parsed = parseMeterModel(ancestor.key, ancestor.text, base);
    if (!parsed.ok) {
      const errors = parsed.errors.map(({ problem, ...place }) => ({ ...place, problem: `${problem} (in ${ancestor.key})` }));
      return { ok: false, errors };
    }
    base = parsed.model;
  }
  return parseMeterModel(key, own?.text ?? '', base);
}
