const NUMBER = String.raw`\(?([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\)?`;
const FORMS: readonly [RegExp, (a: number, b: number) => number][] = [
  [new RegExp(String.raw`^\s*POWER\(\s*${NUMBER}\s*,\s*${NUMBER}\s*\)\s*$`, 'i'), (a, b) => a ** b],
  [new RegExp(String.raw`^\s*${NUMBER}\s*\^\s*${NUMBER}\s*$`), (a, b) => a ** b],
  [new RegExp(String.raw`^\s*${NUMBER}\s*/\s*${NUMBER}\s*$`), (a, b) => a / b],
];

/** A formula that is only a way to write a number, such as `POWER(2,-16)` or `1/1000`. Null: it depends on something. */
export function constantOf(formula: string): number | null {
  for (const [form, calculate] of FORMS) {
    const match = form.exec(formula);
    if (match === null) continue;
    const value = calculate(Number(match[1]), Number(match[2]));
    return Number.isFinite(value) ? value : null;
  }
  return null;
}
