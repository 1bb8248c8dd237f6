import { Box, Button, Loader, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import type { BillLine, WholeBill } from '../../generated/api-client.ts';
import { api, useAnswer } from './shared-api';
import { LineSlots } from './shared-bill-slots';
import { BOLD, Figure, Figures, kwh, LINK, money, Notice, percent, sayDays, saySpan, Wrong } from './shared-bill-words';
import { Card, CELL, HEAD, moment, NUMBER, TABLE } from './shared-parts';

function nameOf({ kind, label }: BillLine): string {
  if (kind === 'base') return 'Base price';
  if (kind === 'own') return `Own production: ${label}`;
  return label === '' ? 'From the grid' : `From the grid, ${label}`;
}

function Line({ bill, line }: { bill: WholeBill; line: BillLine }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr>
        <td style={{ ...CELL, minWidth: 160 }}>
          {nameOf(line)}
          <div style={{ color: '#64748b', fontSize: 12 }}>{`${line.tariffName}, ${sayDays(line.from, line.to)}`}</div>
        </td>
        <td
          style={NUMBER}
        >{`${Number(line.quantity).toLocaleString('en-GB', { minimumFractionDigits: line.unit === 'kWh' ? 3 : 0, maximumFractionDigits: 3 })} ${line.unit}`}</td>
        <td style={NUMBER}>{money(line.price, bill.currency)}</td>
        <td style={NUMBER}>{`${line.vatPercent} %`}</td>
        <td style={NUMBER}>{money(line.amount, bill.currency)}</td>
        <td style={NUMBER}>{line.kind === 'base' ? '' : percent(line.estimatedWh, line.wh)}</td>
        <td style={CELL}>
          {line.kind === 'base' ? null : (
            <button
              type="button"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
              style={{ ...LINK, border: 0, padding: 0, background: 'none', font: 'inherit', cursor: 'pointer' }}
            >
              {open ? 'Close' : 'Quarter hours'}
            </button>
          )}
        </td>
      </tr>
      {open ? (
        <tr>
          <td style={{ ...CELL, padding: '0 0 16px 24px' }} colSpan={7}>
            <LineSlots bill={bill} line={line} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

const HEADS = ['Item', 'Quantity', 'Price', 'VAT', 'Net', 'Estimated', ''];

function Lines({ bill }: { bill: WholeBill }) {
  const sums: [string, string][] = bill.vatGroups.flatMap(({ vatPercent, net, vat, billedNet, billedVat }): [string, string][] => [
    [`Net at ${vatPercent} %`, money(net, bill.currency)],
    [`VAT ${vatPercent} %`, money(vat, bill.currency)],
    ...(bill.correctsId === null
      ? []
      : ([
          [`Billed before, net at ${vatPercent} %`, money(billedNet, bill.currency)],
          [`Billed before, VAT ${vatPercent} %`, money(billedVat, bill.currency)],
        ] satisfies [string, string][])),
  ]);
  return (
    <Card title="Lines">
      <div style={{ overflowX: 'auto' }}>
        <table style={TABLE}>
          <thead>
            <tr>
              {HEADS.map((head, place) => (
                <th key={head} style={{ ...HEAD, textAlign: place > 0 && place < 6 ? 'right' : 'left' }}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bill.lines.map((line) => (
              <Line key={line.id} bill={bill} line={line} />
            ))}
            {sums.map(([name, amount]) => (
              <tr key={name}>
                <td style={{ ...CELL, color: '#475569' }} colSpan={4}>
                  {name}
                </td>
                <td style={NUMBER}>{amount}</td>
                <td style={CELL} colSpan={2} />
              </tr>
            ))}
            <tr>
              <td style={{ ...CELL, fontWeight: 700 }} colSpan={4}>
                {bill.correctsId === null ? 'To pay' : 'Still to pay (less: to give back)'}
              </td>
              <td style={{ ...NUMBER, fontWeight: 700 }}>{money(bill.total, bill.currency)}</td>
              <td style={CELL} colSpan={2} />
            </tr>
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Meters({ bill }: { bill: WholeBill }) {
  if (bill.meters.length === 0) return null;
  const shown = (counter: WholeBill['meters'][number]['from']) => (counter ? `${kwh(counter.wh)}, ${moment(counter.at)}` : 'not read');
  return (
    <Card title="Meter readings">
      {bill.meters.map(({ serial, from, to }) => (
        <div key={serial} style={{ fontSize: 14, lineHeight: '24px' }}>
          <strong style={BOLD}>{serial}</strong>
          {`: from ${shown(from)} to ${shown(to)}`}
        </div>
      ))}
    </Card>
  );
}

/** One bill, down to its quarter hours. */
export function Bill({ record }: ActionProps) {
  const id = Number(record?.id);
  const { data: bill, trouble } = useAnswer(`bill ${id}`, () => api.readBill({ billId: id }));
  if (!bill) return trouble ? <Wrong sentence={trouble.sentence} /> : <Loader />;
  const file = (format: string) => `/api/v1/bills/${id}/file?format=${format}`;
  return (
    <Box data-testid="record-page">
      <Text style={{ fontSize: 16, color: '#475569', marginBottom: 4 }}>{`${bill.buildingName} · ${bill.flatName} · ${bill.party}`}</Text>
      <Text style={{ color: '#64748b', marginBottom: 16 }}>
        {`${saySpan(bill)}. ${bill.issuedAt === null ? 'Open: nobody but you sees it yet.' : `Issued on ${moment(bill.issuedAt)}.`} `}
        <Link to={`/admin/resources/bill-runs/records/${bill.runId}/show`} style={LINK}>
          Its run
        </Link>
      </Text>
      {bill.correctsId === null ? null : (
        <Notice tone="info">
          This bill asks only for what is different from{' '}
          <Link to={`/admin/resources/bills/records/${bill.correctsId}/show`} style={LINK}>
            {`bill ${bill.correctsNumber}`}
          </Link>
          .
        </Notice>
      )}
      {bill.missingSlots > 0 ? (
        <Notice tone="warning">{`Of ${bill.missingSlots.toLocaleString('en-GB')} quarter hours the consumption is not known. They are not billed.`}</Notice>
      ) : null}
      {bill.missingProduction > 0 ? (
        <Notice tone="warning">{`In ${bill.missingProduction.toLocaleString('en-GB')} quarter hours the production is not known. They are billed as energy from the grid.`}</Notice>
      ) : null}
      <Figures>
        <Figure value={money(bill.total, bill.currency)} label="VAT included" />
        <Figure value={kwh(bill.consumptionWh)} label="used" />
        <Figure value={percent(bill.ownWh, bill.consumptionWh)} label="from own production" />
        <Figure value={percent(bill.estimatedWh, bill.consumptionWh)} label="estimated" />
      </Figures>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 12, marginBottom: 24 }}>
        <Button as="a" href={file('pdf')} variant="contained">
          PDF
        </Button>
        <Button as="a" href={file('xlsx')} variant="outlined">
          Spreadsheet
        </Button>
      </div>
      <Lines bill={bill} />
      <Meters bill={bill} />
    </Box>
  );
}
