import type { Bill } from '../../../generated/api-client.ts';
import { all, api } from '../../data/api.ts';
import { useLoad } from '../../data/use-load.ts';
import { sayDay, sayEnergy, sayMoney, sayPeriod } from '../../format.ts';
import { Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';

const { bills: text } = words;

function detailOf({ consumptionWh, ownWh, estimatedWh }: Bill): string {
  if (consumptionWh === 0) return '';
  const percent = (wh: number) => Math.round((wh / consumptionWh) * 100);
  const used = text.used(sayEnergy(consumptionWh), percent(ownWh));
  return estimatedWh > 0 ? `${used} ${text.estimated(Math.max(1, percent(estimatedWh)))}` : used;
}

function Item({ bill }: { bill: Bill }) {
  const isCredit = bill.total.startsWith('-');
  const file = (format: 'pdf' | 'xlsx') => `/api/v1/bills/${bill.id}/file?format=${format}`;
  const period = sayPeriod(Date.parse(bill.fromAt), Date.parse(bill.toAt), bill.zone);
  return (
    <li class="card bill">
      <div class="card-head">
        <h2>{period}</h2>
        <p class="bill-total">
          {sayMoney(isCredit ? bill.total.slice(1) : bill.total, bill.currency)}
          {isCredit && <span class="reason">{text.credit}</span>}
        </p>
      </div>
      <p class="quiet-text">
        {text.number(bill.number ?? 0)}
        {bill.issuedAt !== null && `, ${sayDay(Date.parse(bill.issuedAt), bill.zone)}`}
        {` · ${bill.flatName}`}
      </p>
      {bill.correctsNumber !== null && <p class="quiet-text">{text.corrects(bill.correctsNumber)}</p>}
      <p>{detailOf(bill)}</p>
      <p class="bill-files">
        <a class="button main" href={file('pdf')} download aria-label={`${text.pdf}, ${period}`}>
          {text.pdf}
        </a>
        <a class="button" href={file('xlsx')} download aria-label={`${text.sheet}, ${period}`}>
          {text.sheet}
        </a>
      </p>
    </li>
  );
}

/** What was issued for the own flat in the own time, the newest first. */
export function BillsPage() {
  const { data, trouble, reload } = useLoad('bills', () => all((cursor) => api.listBills({ own: true, limit: 500, ...cursor })));
  if (!data) return trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading rows={4} />;
  const bills = data.toSorted((a, b) => Date.parse(b.fromAt) - Date.parse(a.fromAt) || b.id - a.id);
  if (bills.length === 0) return <Empty title={text.none} text={text.noneText} />;
  return (
    <>
      <div class="page-head">
        <h1>{text.title}</h1>
      </div>
      <ul class="bills">
        {bills.map((bill) => (
          <Item key={bill.id} bill={bill} />
        ))}
      </ul>
    </>
  );
}
