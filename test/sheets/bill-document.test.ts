import fc from 'fast-check';
import { expect, test } from 'vitest';
import { billFormat } from '../../src/domain/bill-format.ts';
import { billWords } from '../../src/domain/bill-words.ts';
import { formatMicro } from '../../src/domain/money.ts';
import type { WrittenBill } from '../../src/domain/written-bill.ts';
import { billDocument, writeBillPdf } from '../../src/sheets/write-bill-pdf.ts';

const BERLIN = { zone: 'Europe/Berlin', currency: 'EUR' };
const at = (text: string) => Date.parse(text);

const BILL: WrittenBill = {
  letterhead: { building: 'Lindenhof', address: 'Lindenstraße 12, Berlin', zone: 'Europe/Berlin', language: 'de', sender: '', remark: '' },
  number: 7,
  issuedMs: at('2026-04-02T08:00:00Z'),
  corrects: null,
  party: 'Ada Lovelace',
  address: 'Lindenstraße 12, Berlin',
  flat: '1 left',
  currency: 'EUR',
  fromMs: at('2026-02-28T23:00:00Z'),
  toMs: at('2026-03-31T22:00:00Z'),
  lines: [
    {
      ...{ kind: 'base', label: '', tariffName: 'Standard', from: '2026-03-01', to: '2026-04-01', unit: 'month', quantity: 1_000_000n },
      ...{ wh: 0, estimatedWh: 0, price: 10_000_000n, amount: 10_000_000n, vatBasisPoints: 1_900 },
    },
    {
      ...{ kind: 'grid', label: 'HT', tariffName: 'Standard', from: '2026-03-01', to: '2026-04-01', unit: 'kWh', quantity: 1_234_567_000n },
      ...{ wh: 1_234_567, estimatedWh: 12_345, price: 351_234n, amount: 433_620_000n, vatBasisPoints: 1_900 },
    },
  ],
  vat: [{ vatBasisPoints: 1_900, net: 443_620_000n, vat: 84_290_000n, billedNet: 0n, billedVat: 0n }],
  total: 527_910_000n,
  consumptionWh: 1_234_567,
  ownWh: 0,
  estimatedWh: 12_345,
  missingSlots: 0,
  missingProduction: 0,
  meters: [{ serial: 'A1', from: { atMs: at('2026-02-28T23:00:00Z'), wh: 1_000_000 }, to: null }],
  days: [],
};

/** Every text of a document, with plain spaces. */
function textsOf(node: unknown): string[] {
  if (typeof node === 'string') return [node.replaceAll(/[\u00a0\u202f]/g, ' ')];
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (typeof node !== 'object' || node === null) return [];
  const { text, stack, columns, table, content } = node as Record<string, unknown>;
  return [text, stack, columns, content, (table as { body?: unknown } | undefined)?.body].flatMap(textsOf);
}
const saidBy = (bill: WrittenBill) => textsOf(billDocument(bill).definition).join('\n');

test('a German bill is written as Germans write: decimals, days, the last one included', () => {
  const said = saidBy(BILL);
  for (const text of [
    ...['Stromrechnung 7', '01.03.2026 – 31.03.2026', '02.04.2026', '1 Monat\n', '1.234,567 kWh', '0,351234 €', 'Strom aus dem Netz, HT'],
    ...['443,62 €', 'Umsatzsteuer 19 %', 'Zu zahlen', '527,91 €', '1,0 % Ihres Verbrauchs', '1.000,000 kWh', 'nicht abgelesen'],
  ]) {
    expect(said).toContain(text);
  }
});

test('an English bill says the same in English, and a language without a translation is English', () => {
  const letterhead = { ...BILL.letterhead, language: 'fr' };
  const said = saidBy({ ...BILL, letterhead });
  for (const text of ['Electricity bill 7', '1 Mar 2026 – 31 Mar 2026', '1,234.567 kWh', '€0.351234', 'VAT 19 %', '€527.91']) {
    expect(said).toContain(text);
  }
});

test('an Italian bill is written as Italians write', () => {
  const said = saidBy({ ...BILL, letterhead: { ...BILL.letterhead, language: 'it-CH' } });
  for (const text of ['Bolletta dell’elettricità 7', '1 mese\n', '1234,567 kWh', 'IVA 19 %', 'Da pagare', '527,91 €']) {
    expect(said).toContain(text);
  }
});

test('a bill of the difference names the one before, what it asked for, and what is given back', () => {
  const vat = [{ vatBasisPoints: 1_900, net: 443_620_000n, vat: 84_290_000n, billedNet: 500_000_000n, billedVat: 95_000_000n }];
  const said = saidBy({ ...BILL, corrects: 3, vat, total: -67_090_000n });
  for (const text of ['Berichtigung der Rechnung Nr. 3', '527,91 €', '-595,00 €', 'Ihr Guthaben', '67,09 €']) expect(said).toContain(text);
});

test('an open bill is marked as a draft, and what is not known is said in words', () => {
  const said = saidBy({ ...BILL, number: null, issuedMs: null, missingSlots: 1_200, missingProduction: 4 });
  expect(said).toContain('Entwurf');
  expect(said).toContain('Für 1.200 Viertelstunden ist Ihr Verbrauch nicht bekannt');
  expect(said).toContain('Für 4 Viertelstunden ist die eigene Erzeugung nicht bekannt');
});

test('who moves at noon has the hour on the bill', () => {
  expect(saidBy({ ...BILL, fromMs: at('2026-03-20T11:00:00Z') })).toContain('20.03.2026, 12:00 – 31.03.2026');
});

test('a year has a bar per month, and a name of any letters does not stop the printer', async () => {
  const days = Array.from({ length: 365 }, (_, n) => ({
    ...{ day: new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10), gridWh: 5_000, ownWh: 1_000 },
  }));
  const bill = { ...BILL, party: '<b>&"\u0000漢字 عربى', days };
  expect(saidBy(bill)).toContain('Ihr Strom nach Monaten, in kWh');
  expect((await writeBillPdf(bill)).length).toBeGreaterThan(5_000);
});

test('money is written exactly, however much it is', () => {
  const { money } = billFormat(billWords('en'), BERLIN);
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), (cents) => {
      expect(money(cents * 10_000n).replaceAll(/[€,]/g, '')).toBe(formatMicro(cents * 10_000n));
    }),
  );
});
