import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import { billFormat } from '../domain/bill-format.ts';
import { billWords, unitOf, type BillWords } from '../domain/bill-words.ts';
import type { WrittenBill } from '../domain/written-bill.ts';
import { addToDay, localDay } from '../domain/time-bucket.ts';
import { bold, count, dayCell, kwh, money, price, quantity, rate, text } from './bill-cells.ts';

/** A column: its heading, how wide it is, and what stands in it. */
interface Column<Row> {
  head: string;
  width: number;
  cell(row: Row): Cell;
}

function sheetOf<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]) {
  const data: SheetData = [columns.map(({ head }) => bold(head)), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  return { sheet: name, data, stickyRowsCount: 1, columns: columns.map(({ width }) => ({ width })) };
}

function lastDay(bill: WrittenBill): string {
  return localDay(bill.toMs - 1, bill.letterhead.zone);
}

function whoOf<Row extends { bill: WrittenBill }>(words: BillWords): Column<Row>[] {
  return [
    { head: words.number, width: 12, cell: ({ bill }) => (bill.number === null ? null : count(bill.number)) },
    { head: words.flat, width: 18, cell: ({ bill }) => text(bill.flat) },
    { head: words.party, width: 28, cell: ({ bill }) => text(bill.party) },
  ];
}

type LineRow = { bill: WrittenBill; line: WrittenBill['lines'][number] };
type MeterRow = { bill: WrittenBill; meter: WrittenBill['meters'][number] };

function lineColumns(words: BillWords): Column<LineRow>[] {
  return [
    { head: words.kind, width: 18, cell: ({ line }) => text(words.kinds[line.kind]) },
    { head: words.label, width: 22, cell: ({ line }) => text(line.label) },
    { head: words.from, width: 12, cell: ({ line }) => dayCell(line.from, words.locale) },
    { head: words.to, width: 12, cell: ({ line }) => dayCell(addToDay(line.to, { days: -1 }), words.locale) },
    { head: words.quantity, width: 12, cell: ({ line }) => quantity(line.quantity) },
    { head: words.unit, width: 9, cell: ({ line }) => text(unitOf(words, line)) },
    { head: words.price, width: 12, cell: ({ line }) => price(line.price) },
    { head: words.amount, width: 12, cell: ({ line }) => money(line.amount) },
    { head: words.vatRate, width: 9, cell: ({ line }) => rate(line.vatBasisPoints) },
    { head: words.estimatedKwh, width: 16, cell: ({ line }) => kwh(line.estimatedWh) },
  ];
}

function meterColumns(words: BillWords): Column<MeterRow>[] {
  const at = (which: 'from' | 'to') => ({
    wh: ({ meter }: MeterRow): Cell => (meter[which] === null ? null : kwh(meter[which].wh)),
    moment: ({ bill, meter }: MeterRow): Cell =>
      meter[which] === null
        ? null
        : text(billFormat(words, { zone: bill.letterhead.zone, currency: bill.currency }).moment(meter[which].atMs)),
  });
  const [from, to] = [at('from'), at('to')];
  return [
    { head: words.meter, width: 22, cell: ({ meter }) => text(meter.serial) },
    { head: words.from, width: 22, cell: from.moment },
    { head: `${words.atStart} (kWh)`, width: 18, cell: from.wh },
    { head: words.to, width: 22, cell: to.moment },
    { head: `${words.atEnd} (kWh)`, width: 18, cell: to.wh },
    {
      head: `${words.counted} (kWh)`,
      width: 16,
      cell: ({ meter }) => (meter.from === null || meter.to === null ? null : kwh(meter.to.wh - meter.from.wh)),
    },
  ];
}

const linesOf = (bills: readonly WrittenBill[]): LineRow[] => bills.flatMap((bill) => bill.lines.map((line) => ({ bill, line })));
const metersOf = (bills: readonly WrittenBill[]): MeterRow[] => bills.flatMap((bill) => bill.meters.map((meter) => ({ bill, meter })));

/** One bill: its head and sums, lines, meters and days. */
export function writeBillWorkbook(bill: WrittenBill): Promise<Buffer> {
  const words = billWords(bill.letterhead.language);
  const facts: [string, Cell][] = [
    [words.number, bill.number === null ? text(words.draft) : count(bill.number)],
    [words.building, text(bill.letterhead.building)],
    [words.flat, text(bill.flat)],
    [words.party, text(bill.party)],
    [words.from, dayCell(localDay(bill.fromMs, bill.letterhead.zone), words.locale)],
    [words.to, dayCell(lastDay(bill), words.locale)],
    [`${words.used} (kWh)`, kwh(bill.consumptionWh)],
    [`${words.fromOwn} (kWh)`, kwh(bill.ownWh)],
    [`${words.fromGrid} (kWh)`, kwh(bill.consumptionWh - bill.ownWh)],
    [words.estimatedKwh, kwh(bill.estimatedWh)],
    [words.missingSlots, count(bill.missingSlots)],
    ...bill.vat.flatMap(({ vatBasisPoints, net, vat }): [string, Cell][] => [
      [`${words.net} ${vatBasisPoints / 100} % (${bill.currency})`, money(net)],
      [`${words.vat(`${vatBasisPoints / 100} %`)} (${bill.currency})`, money(vat)],
    ]),
    ...(bill.corrects === null
      ? []
      : [
          [
            words.billed(bill.corrects),
            money(-bill.vat.reduce((sum, { billedNet, billedVat }) => sum + billedNet + billedVat, 0n)),
          ] satisfies [string, Cell],
        ]),
    [`${words.due} (${bill.currency})`, money(bill.total)],
  ];
  return writeXlsxFile([
    { sheet: words.sheets.bill, data: facts.map(([name, cell]) => [bold(name), cell]), columns: [{ width: 44 }, { width: 30 }] },
    sheetOf(words.sheets.lines, lineColumns(words), linesOf([bill])),
    sheetOf(words.sheets.meters, meterColumns(words), metersOf([bill])),
    sheetOf<WrittenBill['days'][number]>(
      words.sheets.days,
      [
        { head: words.day, width: 12, cell: ({ day }) => dayCell(day, words.locale) },
        { head: `${words.fromOwn} (kWh)`, width: 36, cell: ({ ownWh }) => kwh(ownWh) },
        { head: `${words.fromGrid} (kWh)`, width: 22, cell: ({ gridWh }) => kwh(gridWh) },
      ],
      bill.days,
    ),
  ]).toBuffer();
}

function sumsOf(words: BillWords): Column<{ bill: WrittenBill }>[] {
  return [
    ...whoOf<{ bill: WrittenBill }>(words),
    { head: words.from, width: 12, cell: ({ bill }) => dayCell(localDay(bill.fromMs, bill.letterhead.zone), words.locale) },
    { head: words.to, width: 12, cell: ({ bill }) => dayCell(lastDay(bill), words.locale) },
    { head: `${words.used} (kWh)`, width: 22, cell: ({ bill }) => kwh(bill.consumptionWh) },
    { head: `${words.kinds.own} (kWh)`, width: 22, cell: ({ bill }) => kwh(bill.ownWh) },
    { head: `${words.kinds.grid} (kWh)`, width: 16, cell: ({ bill }) => kwh(bill.consumptionWh - bill.ownWh) },
    { head: words.estimatedKwh, width: 16, cell: ({ bill }) => kwh(bill.estimatedWh) },
    { head: words.missingSlots, width: 24, cell: ({ bill }) => count(bill.missingSlots) },
    { head: words.net, width: 12, cell: ({ bill }) => money(bill.vat.reduce((sum, { net, billedNet }) => sum + net - billedNet, 0n)) },
    { head: words.vatRate, width: 12, cell: ({ bill }) => money(bill.vat.reduce((sum, { vat, billedVat }) => sum + vat - billedVat, 0n)) },
    { head: words.total, width: 12, cell: ({ bill }) => money(bill.total) },
    { head: words.state, width: 12, cell: ({ bill }) => text(words.states[bill.number === null ? 'open' : 'issued']) },
  ];
}

/** All bills of a run in one file: a row per bill, per line and per meter. */
export function writeRunWorkbook(bills: readonly WrittenBill[], language: string): Promise<Buffer> {
  const words = billWords(language);
  return writeXlsxFile([
    sheetOf(
      words.sheets.bills,
      sumsOf(words),
      bills.map((bill) => ({ bill })),
    ),
    sheetOf(words.sheets.lines, [...whoOf<LineRow>(words), ...lineColumns(words)], linesOf(bills)),
    sheetOf(words.sheets.meters, [...whoOf<MeterRow>(words), ...meterColumns(words)], metersOf(bills)),
  ]).toBuffer();
}
