import { csvMark, csvNumber, csvText, CSV_LINE_END, type CsvStyle } from '../domain/csv-line.ts';
import { isoLocal } from '../domain/local-stamp.ts';
import { formatMicro, type Micro } from '../domain/money.ts';
import { can, type Actor } from '../domain/permission.ts';
import { kwhOf } from '../domain/settlement.ts';
import { localDay } from '../domain/time-bucket.ts';
import { Forbidden } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { fileNameOf } from './plan-download.ts';
import { showUsageCost, type ShownCost } from './show-usage-cost.ts';
import { showUsage, type UsageDeps, type UsageInput } from './show-usage.ts';

const COLUMNS = ['from', 'to', 'energy (kWh)', 'state', 'before (kWh)', 'grid (kWh)', 'own production (kWh)'];

type Costs = Map<number, { gridWh: number | null; ownWh: number | null; cost: Micro | null }>;

function costsByPart({ items }: Pick<ShownCost, 'items'>): Costs {
  return new Map(items.map((item) => [item.fromMs, item]));
}

/** Month by month, as it is split. */
async function costsOf(deps: UsageDeps, actor: Actor, input: UsageInput, months: readonly { fromMs: number; day: string }[]) {
  const { view } = input;
  if (view !== 'year') {
    const shown = await showUsageCost(deps, actor, { ...input, view });
    return { currency: shown.currency, costs: costsByPart(shown) };
  }
  const costs: Costs = new Map();
  const currencies = new Set<string | null>();
  for (const { fromMs, day } of months) {
    const shown = await showUsageCost(deps, actor, { ...input, view: 'month', day });
    costs.set(fromMs, shown);
    if (shown.gridWh !== null) currencies.add(shown.currency);
  }
  const [currency = null] = currencies;
  return { currency: currencies.size === 1 ? currency : null, costs };
}

/** Just what is seen of a day, month or year, as CSV; who took it is noted. */
export async function downloadUsage(
  deps: UsageDeps,
  actor: Actor,
  { style, ...input }: UsageInput & { style: CsvStyle },
): Promise<{ name: string; content: string }> {
  const usage = await showUsage(deps, actor, input);
  const { flat, zone, view, days, span } = usage;
  if (!can(actor, 'reading:download', { buildingId: flat.buildingId, flatId: flat.id })) throw new Forbidden();
  const shown = usage.items.filter(({ state }) => state !== 'outside' && state !== 'ahead');
  const months = shown.map(({ fromMs }) => ({ fromMs, day: localDay(fromMs, zone) }));
  const { currency, costs } = await costsOf(deps, actor, input, months);
  const kwh = (wh: number | null | undefined) => (wh == null ? '' : csvNumber(kwhOf(wh).toFixed(3), style));
  const rows = shown.map(({ fromMs, toMs, wh, state, beforeWh }) => {
    const cost = costs.get(fromMs);
    return [
      ...[isoLocal(fromMs, zone), isoLocal(toMs, zone), kwh(wh), state, kwh(beforeWh), kwh(cost?.gridWh), kwh(cost?.ownWh)],
      ...(currency === null ? [] : [cost?.cost == null ? '' : csvNumber(formatMicro(cost.cost), style)]),
    ];
  });
  const heading = [...COLUMNS, ...(currency === null ? [] : [`energy cost without base price and VAT (${currency})`])].map(csvText);
  const what = view === 'day' ? days.from : days.from.slice(0, view === 'month' ? 7 : 4);
  await recordActivity(deps.database.prisma, actor, {
    action: 'download',
    subject: `flat-${flat.id}`,
    detail: `${flat.building.name}, ${flat.name}: energy of ${localDay(span.fromMs, zone)} to ${localDay(span.toMs - 1, zone)}, csv`,
  });
  return {
    name: `${fileNameOf('usage', flat.name, what)}.csv`,
    content: csvMark(style) + [heading, ...rows].map((cells) => cells.join(style.separator) + CSV_LINE_END).join(''),
  };
}
