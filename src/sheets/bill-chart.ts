import type { BillFormat } from '../domain/bill-format.ts';
import type { BillWords } from '../domain/bill-words.ts';
import { barsOf, type WrittenBill } from '../domain/written-bill.ts';

const WIDTH = 483;
const HEIGHT = 76;
const AXIS = 14;
const GUTTER = 34;
const OWN = '#0b6e5f';
const GRID = '#a9b8c3';
const STEPS = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8];

/** A round number at the top of the axis. */
function topOf(highestWh: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of STEPS) if (step * power * 100 >= highestWh) return step * power * 100;
  }
}

function svgOf(bill: WrittenBill, words: BillWords): string {
  const bars = barsOf(bill.days);
  const topWh = topOf(Math.max(...bars.map(({ gridWh, ownWh }) => gridWh + ownWh)));
  const [plotWidth, plotHeight] = [WIDTH - GUTTER, HEIGHT - AXIS - 6];
  const y = (wh: number) => 6 + plotHeight - (wh / topWh) * plotHeight;
  const slot = plotWidth / bars.length;
  const isByMonth = bars.length < bill.days.length;
  const label = new Intl.DateTimeFormat(words.locale, { timeZone: 'UTC', ...(isByMonth ? { month: 'short' } : { day: 'numeric' }) });
  const everyNth = isByMonth || bars.length <= 31 ? 1 : 2;
  const text = (x: number, at: number, anchor: string, what: string) =>
    `<text x="${x.toFixed(1)}" y="${at.toFixed(1)}" text-anchor="${anchor}" font-size="6.5" fill="#64748b">${what}</text>`;
  const box = (x: number, fromWh: number, toWh: number, color: string) =>
    toWh > fromWh
      ? `<rect x="${x.toFixed(2)}" y="${y(toWh).toFixed(2)}" width="${(slot * 0.7).toFixed(2)}" height="${(y(fromWh) - y(toWh)).toFixed(2)}" fill="${color}"/>`
      : '';
  const lines = [0, 0.5, 1].map(
    (part) =>
      `<line x1="${GUTTER}" x2="${WIDTH}" y1="${y(topWh * part).toFixed(2)}" y2="${y(topWh * part).toFixed(2)}" stroke="#dbe3e8" stroke-width="0.5"/>${text(GUTTER - 5, y(topWh * part) + 2, 'end', new Intl.NumberFormat(words.locale, { maximumFractionDigits: 2 }).format((topWh * part) / 1_000))}`,
  );
  const marks = bars.map(({ day, gridWh, ownWh }, index) => {
    const x = GUTTER + slot * (index + 0.15);
    const name = index % everyNth === 0 ? label.format(Date.parse(`${day}T00:00:00Z`)).replace(/\.$/, '') : '';
    return `${box(x, 0, ownWh, OWN)}${box(x, ownWh, ownWh + gridWh, GRID)}${text(x + slot * 0.35, HEIGHT - 3, 'middle', name)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${lines.join('')}${marks.join('')}</svg>`;
}

/** What was used by the day or month, from the roof and from the grid. Nothing where nothing was used. */
export function chartOf(bill: WrittenBill, words: BillWords, format: BillFormat): object[] {
  if (bill.consumptionWh === 0 || bill.days.length < 2) return [];
  const gridWh = bill.consumptionWh - bill.ownWh;
  const key = (color: string, what: string, wh: number) => ({ text: [{ text: '■ ', color }, `${what}: ${format.kwh(wh)}`], width: 'auto' });
  const heading = barsOf(bill.days).length < bill.days.length ? words.byMonth : words.byDay;
  return [
    {
      stack: [
        { text: heading, style: 'heading' },
        { svg: svgOf(bill, words), width: WIDTH, margin: [0, 2, 0, 2] },
        { columns: [key(OWN, words.fromOwn, bill.ownWh), key(GRID, words.fromGrid, gridWh)], columnGap: 18, fontSize: 8.5 },
      ],
      unbreakable: true,
    },
  ];
}
