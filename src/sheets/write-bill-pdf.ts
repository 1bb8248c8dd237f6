import { billFormat, type BillFormat } from '../domain/bill-format.ts';
import { totalOf } from '../domain/bill-total.ts';
import { billWords, unitOf, type BillWords } from '../domain/bill-words.ts';
import { percentOf, type WrittenBill, type WrittenLine } from '../domain/written-bill.ts';
import { chartOf } from './bill-chart.ts';
import { writePdf } from './pdf.ts';

interface Written {
  bill: WrittenBill;
  words: BillWords;
  format: BillFormat;
}

const QUIET = '#64748b';
const RULE = '#dbe3e8';
const LINES_ONLY = {
  hLineWidth: (row: number, { table }: { table: { body: unknown[] } }) => (row === 0 || row === table.body.length ? 0 : 0.5),
  vLineWidth: () => 0,
  hLineColor: () => RULE,
  paddingLeft: (column: number) => (column === 0 ? 0 : 14),
  paddingRight: () => 0,
  paddingTop: () => 4,
  paddingBottom: () => 4,
};

const right = (text: string, more: object = {}) => ({ text, alignment: 'right', noWrap: true, ...more });
const head = (text: string, alignment = 'left') => ({ text, alignment, color: QUIET, fontSize: 8 });

/** The lines of an address as people write it: in lines, or with commas. */
function addressLines(text: string): string[] {
  return text
    .split(/\n|,\s*/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function senderOf({ letterhead: { sender, building, address } }: WrittenBill): string[] {
  return addressLines(sender === '' ? `${building}, ${address}` : sender);
}

function letterHead({ bill, words, format }: Written): object {
  const { letterhead, number, issuedMs } = bill;
  const sender = senderOf(bill);
  const facts: [string, string][] = [
    [words.number, number === null ? words.draft : String(number)],
    ...(issuedMs === null ? [] : [[words.date, format.dayOf(issuedMs)] satisfies [string, string]]),
    [words.period, format.span(bill.fromMs, bill.toMs)],
    [words.building, [letterhead.building, letterhead.address].filter((text) => text !== '').join(', ')],
    [words.flat, bill.flat],
  ];
  return {
    columns: [
      {
        width: 235,
        stack: [
          { text: sender.join(' · '), fontSize: 7, color: QUIET, margin: [0, 0, 0, 6] },
          { text: [bill.party, ...addressLines(bill.address)].join('\n'), fontSize: 11 },
        ],
      },
      {
        width: '*',
        layout: 'noBorders',
        table: { widths: [66, '*'], body: facts.map(([name, value]) => [{ text: name, color: QUIET }, value]) },
      },
    ],
    columnGap: 30,
    margin: [0, 0, 0, 20],
  };
}

function nameOf({ kind, label }: WrittenLine, words: BillWords): string {
  if (kind === 'own') return words.own(label);
  if (kind === 'base') return words.base;
  return label === '' ? words.grid : `${words.grid}, ${label}`;
}

function lineTable({ bill, words, format }: Written): object[] {
  if (bill.lines.length === 0) return [];
  const rows = bill.lines.map((line) => [
    {
      stack: [
        nameOf(line, words),
        { text: words.tariff(line.tariffName, ...format.days(line.from, line.to)), color: QUIET, fontSize: 7.5 },
      ],
    },
    right(`${format.quantity(line.quantity)} ${unitOf(words, line)}`),
    { stack: [right(format.price(line.price)), right(words.per[line.unit], { color: QUIET, fontSize: 7.5 })] },
    right(format.rate(line.vatBasisPoints)),
    right(format.money(line.amount)),
  ]);
  const heading = [head(words.item), ...[words.quantity, words.price, words.vatRate, words.amount].map((text) => head(text, 'right'))];
  return [
    {
      table: { headerRows: 1, dontBreakRows: true, widths: ['*', 'auto', 'auto', 'auto', 'auto'], body: [heading, ...rows] },
      layout: LINES_ONLY,
    },
  ];
}

function totals({ bill, words, format }: Written): object {
  const { net, total } = totalOf(bill.vat);
  const billed = bill.vat.reduce((sum, { billedNet, billedVat }) => sum + billedNet + billedVat, 0n);
  const rows: [string, string][] = [
    [words.net, format.money(net)],
    ...bill.vat.map(({ vatBasisPoints, vat }): [string, string] => [words.vat(format.rate(vatBasisPoints)), format.money(vat)]),
  ];
  if (bill.corrects !== null) rows.push([words.sum, format.money(total)], [words.billed(bill.corrects), format.money(-billed)]);
  const due: [string, string] = [bill.total < 0n ? words.credit : words.due, format.money(bill.total < 0n ? -bill.total : bill.total)];
  return {
    unbreakable: true,
    margin: [0, 6, 0, 0],
    columns: [
      { width: '*', text: '' },
      {
        width: 'auto',
        layout: { ...LINES_ONLY, hLineWidth: (row: number) => (row === rows.length ? 1 : 0), hLineColor: () => '#17242d' },
        table: {
          body: [
            ...rows.map(([name, value]) => [name, right(value)]),
            [{ text: due[0], bold: true, fontSize: 11.5 }, right(due[1], { bold: true, fontSize: 11.5 })],
          ],
        },
      },
    ],
  };
}

function energy({ bill, words, format }: Written): object[] {
  const { consumptionWh, ownWh, estimatedWh, missingSlots, missingProduction } = bill;
  // All of it is taken back.
  if (bill.lines.length === 0) return [];
  const rows: [string, string][] = [
    [words.used, format.kwh(consumptionWh)],
    [words.fromOwn, format.kwh(ownWh)],
    [words.fromGrid, format.kwh(consumptionWh - ownWh)],
  ];
  const sentences = [
    ...(consumptionWh > 0 ? [words.ownShare(format.percent(percentOf(ownWh, consumptionWh)))] : []),
    ...(estimatedWh > 0 ? [words.estimated(format.kwh(estimatedWh), format.percent(percentOf(estimatedWh, consumptionWh)))] : []),
    ...(estimatedWh === 0 && missingSlots === 0 ? [words.measured] : []),
    ...(missingSlots > 0 ? [words.missing(format.count(missingSlots))] : []),
    ...(missingProduction > 0 ? [words.missingProduction(format.count(missingProduction))] : []),
  ];
  const table = { widths: ['*', 'auto'], body: rows.map(([name, value]) => [name, right(value)]) };
  const said = sentences.map((text) => ({ text, margin: [0, 3, 0, 2] }));
  const columns = [
    { width: 225, layout: LINES_ONLY, table },
    { width: '*', stack: said },
  ];
  return [
    {
      unbreakable: true,
      stack: [
        { text: words.energy, style: 'heading' },
        { columns, columnGap: 24 },
      ],
    },
  ];
}

function meterTable({ bill, words, format }: Written): object[] {
  if (bill.meters.length === 0) return [];
  const shown = (counter: WrittenBill['meters'][number]['from']) =>
    counter === null
      ? right(words.unknown, { color: QUIET })
      : { stack: [right(format.kwh(counter.wh)), right(format.moment(counter.atMs), { color: QUIET, fontSize: 7.5 })] };
  const rows = bill.meters.map(({ serial, from, to }) => [
    serial,
    shown(from),
    shown(to),
    right(from === null || to === null ? '' : format.kwh(to.wh - from.wh)),
  ]);
  const heading = [head(words.meter), ...[words.atStart, words.atEnd, words.counted].map((text) => head(text, 'right'))];
  return [
    {
      unbreakable: true,
      stack: [
        { text: words.meters, style: 'heading' },
        { table: { headerRows: 1, widths: ['*', 'auto', 'auto', 'auto'], body: [heading, ...rows] }, layout: LINES_ONLY },
      ],
    },
  ];
}

/** What stands on it, as pdfmake takes it. */
export function billDocument(bill: WrittenBill): { title: string; definition: object } {
  const { letterhead, number, corrects } = bill;
  const words = billWords(letterhead.language);
  const format = billFormat(words, { zone: letterhead.zone, currency: bill.currency });
  const written = { bill, words, format };
  const heading = number === null ? words.title : `${words.title} ${number}`;
  const title = number === null ? `${words.title} (${words.draft})` : heading;
  const definition = {
    pageMargins: [56, 48, 56, 52],
    styles: { heading: { bold: true, fontSize: 11, margin: [0, 12, 0, 3] } },
    ...(number === null ? { watermark: { text: words.draft, color: '#b42318', opacity: 0.08, bold: true, fontSize: 54 } } : {}),
    footer: (page: number, pages: number) => ({
      columns: [senderOf(bill)[0] ?? '', { text: `${title} · ${words.page(page, pages)}`, alignment: 'right' }],
      margin: [56, 18, 56, 0],
      fontSize: 7.5,
      color: QUIET,
    }),
    content: [
      letterHead(written),
      { text: heading, bold: true, fontSize: 18, margin: [0, 0, 0, corrects === null ? 10 : 0] },
      ...(corrects === null ? [] : [{ text: words.corrects(corrects), color: QUIET, margin: [0, 0, 0, 10] }]),
      ...lineTable(written),
      totals(written),
      ...(letterhead.remark === '' ? [] : [{ text: letterhead.remark, margin: [0, 14, 0, 0] }]),
      ...energy(written),
      ...meterTable(written),
      ...chartOf(bill, words, format),
    ],
  };
  return { title, definition };
}

/** A bill that can be sent. That of an issued bill is the same to the byte whenever it is asked for. */
export function writeBillPdf(bill: WrittenBill): Promise<Buffer> {
  const { title, definition } = billDocument(bill);
  return writePdf(definition, { title, atMs: bill.issuedMs ?? bill.toMs });
}
