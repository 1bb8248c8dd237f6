import type { Costs, Usage, UsageItem } from './usage.ts';
import { sayEnergy, sayMoney, sayPrice } from '../../format.ts';
import { CsvLink, csvQuery } from '../../parts/csv.tsx';
import { ShownTable, type ShownColumn } from '../../parts/values-table.tsx';
import { words } from '../../words.ts';
import { sayPart } from './usage-words.ts';

const { usage: text } = words;

function say(wh: number | null | undefined): string {
  return wh == null ? '–' : sayEnergy(wh);
}

interface UsageValuesProps {
  usage: Usage;
  costs: Costs;
  /** The same as a file; null for whoever may not download. */
  href: string | null;
  /** The address of a closer look. */
  hrefOf?(item: UsageItem): string;
}

/** What the chart shows, in words and numbers. */
export function UsageValues({ usage, costs, href, hrefOf }: UsageValuesProps) {
  const { currency } = costs;
  const shown = usage.items.filter(({ state }) => state !== 'ahead' && state !== 'outside');
  const partOf = (item: UsageItem) => costs.parts.get(Date.parse(item.from));
  const isOver = ({ hoursOver }: UsageItem) => (hoursOver === 0 ? '' : usage.view === 'day' ? text.overOne : text.over(hoursOver));
  const number = (title: string, say: (item: UsageItem) => string) => ({ title, shown: say, isNumber: true });
  const columns: ShownColumn<UsageItem>[] = [
    { title: text.part[usage.view], shown: (item) => sayPart(item, usage) },
    number(usage.kind === 'producer' ? text.made : text.used, ({ wh }) => say(wh)),
    number(text.earlier, ({ beforeWh }) => say(beforeWh)),
    ...(costs.ownWh === null
      ? []
      : [number(text.grid, (item) => say(partOf(item)?.gridWh)), number(text.ownPart, (item) => say(partOf(item)?.ownWh))]),
    ...(currency === null
      ? []
      : [
          number(text.cost, (item) => {
            const cost = partOf(item)?.cost;
            return cost == null ? '–' : sayMoney(cost, currency);
          }),
        ]),
    { title: words.profile.state, shown: (item) => [text.states[item.state], isOver(item)].filter(Boolean).join(', ') },
  ];
  return (
    <ShownTable
      name={text.values}
      rows={shown}
      columns={columns}
      csv={href !== null && <CsvLink href={href} />}
      keyOf={({ from }) => from}
      {...(hrefOf && { hrefOf })}
    />
  );
}

/** The lines of a bill that this time would have, without its base price. */
export function UsageLines({ costs }: { costs: Costs }) {
  const { currency, lines } = costs;
  if (currency === null || lines.length === 0) return null;
  return (
    <details class="values">
      <summary>{text.bands}</summary>
      <table>
        <tbody>
          {lines.map(({ kind, label, wh, price, amount }) => (
            <tr key={`${kind} ${label} ${price}`}>
              <th scope="row">{text.band[kind](label)}</th>
              <td class="right">{sayEnergy(wh)}</td>
              <td class="right">{text.price(sayPrice(price, currency))}</td>
              <td class="right">{sayMoney(amount, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function fileOf({ flatId, view }: Pick<Usage, 'flatId' | 'view'>, day: string): string {
  return `/api/v1/flats/${flatId}/usage/file?${new URLSearchParams({ view, day, ...csvQuery() }).toString()}`;
}
