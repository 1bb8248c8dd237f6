import type { Costs, Usage, UsageItem } from './usage.ts';
import { sayEnergy, sayMoney, sayPrice } from '../../format.ts';
import { language, words } from '../../words.ts';
import { sayPart } from './usage-words.ts';

const { usage: text } = words;

function say(wh: number | null | undefined): string {
  return wh == null ? '–' : sayEnergy(wh);
}

interface UsageValuesProps {
  usage: Usage;
  costs: Costs;
  /** The same as a file. */
  href: string;
  /** The address of a closer look. */
  hrefOf?(item: UsageItem): string;
}

/** What the chart shows, in words and numbers. */
export function UsageValues({ usage, costs, href, hrefOf }: UsageValuesProps) {
  const { currency } = costs;
  const shown = usage.items.filter(({ state }) => state !== 'ahead' && state !== 'outside');
  const heads = [
    usage.kind === 'producer' ? text.made : text.used,
    text.earlier,
    ...(costs.ownWh === null ? [] : [text.grid, text.ownPart]),
    ...(currency === null ? [] : [text.cost]),
  ];
  const cells = (item: UsageItem): string[] => {
    const part = costs.parts.get(Date.parse(item.from));
    return [
      say(item.wh),
      say(item.beforeWh),
      ...(costs.ownWh === null ? [] : [say(part?.gridWh), say(part?.ownWh)]),
      ...(currency === null ? [] : [part?.cost == null ? '–' : sayMoney(part.cost, currency)]),
    ];
  };
  const isOver = ({ hoursOver }: UsageItem) => (hoursOver === 0 ? '' : usage.view === 'day' ? text.overOne : text.over(hoursOver));
  return (
    <div class="usage-below">
      <details class="values">
        <summary>{text.table}</summary>
        <div class="scroll" tabIndex={0} role="group" aria-label={text.values}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.part[usage.view]}</th>
                {heads.map((head) => (
                  <th key={head} scope="col" class="right">
                    {head}
                  </th>
                ))}
                <th scope="col">{words.profile.state}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((item) => (
                <tr key={item.from} data-part={item.from}>
                  <th scope="row">{hrefOf ? <a href={hrefOf(item)}>{sayPart(item, usage)}</a> : sayPart(item, usage)}</th>
                  {cells(item).map((cell, i) => (
                    <td key={heads[i]} class="right">
                      {cell}
                    </td>
                  ))}
                  <td>{[text.states[item.state], isOver(item)].filter(Boolean).join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      <a class="download" href={href} download>
        {text.download}
      </a>
    </div>
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

/** As spreadsheets of the language want it. */
export function fileOf({ flatId, view }: Pick<Usage, 'flatId' | 'view'>, day: string): string {
  const style = language === 'en' ? '' : `&separator=${encodeURIComponent(';')}&decimal=${encodeURIComponent(',')}`;
  return `/api/v1/flats/${flatId}/usage/file?view=${view}&day=${day}${style}`;
}
