import React from 'react';
import { Link } from 'react-router-dom';
import type { Bill } from '../../generated/api-client.ts';
import { kwh, LINK, money, percent, saySpan } from './shared-bill-words';
import { CELL, HEAD, NUMBER, TABLE } from './shared-parts';

/** What one should look at before it is issued. */
function Doubt({ bill }: { bill: Bill }) {
  const doubts = [
    ...(bill.missingSlots > 0 ? [`${bill.missingSlots.toLocaleString('en-GB')} quarter hours not known`] : []),
    ...(bill.estimatedWh > 0 ? [`${percent(bill.estimatedWh, bill.consumptionWh)} estimated`] : []),
    ...(bill.missingProduction > 0 ? ['production not known at times'] : []),
    ...(bill.correctsNumber === null ? [] : [`difference to no. ${bill.correctsNumber}`]),
  ];
  return <span style={{ color: bill.missingSlots > 0 ? '#b42318' : '#8a5a00' }}>{doubts.join(', ')}</span>;
}

const LEFT = ['No.', 'Flat', 'Party', 'Days'];
const RIGHT = ['Used', 'Own production', 'Total'];

export function BillTable({ bills }: { bills: readonly Bill[] }) {
  return (
    <div style={{ overflowX: 'auto' }}>
      <table style={TABLE}>
        <thead>
          <tr>
            {LEFT.map((head) => (
              <th key={head} style={HEAD}>
                {head}
              </th>
            ))}
            {RIGHT.map((head) => (
              <th key={head} style={{ ...HEAD, textAlign: 'right' }}>
                {head}
              </th>
            ))}
            <th style={HEAD}>To look at</th>
            <th style={HEAD}>File</th>
          </tr>
        </thead>
        <tbody>
          {bills.map((bill) => (
            <tr key={bill.id}>
              <td style={CELL}>
                <Link to={`/admin/resources/bills/records/${bill.id}/show`} style={LINK}>
                  {bill.number ?? 'open'}
                </Link>
              </td>
              <td style={{ ...CELL, minWidth: 120 }}>{bill.flatName}</td>
              <td style={{ ...CELL, minWidth: 120 }}>{bill.party}</td>
              <td style={{ ...CELL, minWidth: 110 }}>{saySpan(bill)}</td>
              <td style={NUMBER}>{kwh(bill.consumptionWh)}</td>
              <td style={NUMBER}>{percent(bill.ownWh, bill.consumptionWh)}</td>
              <td style={NUMBER}>{money(bill.total, bill.currency)}</td>
              <td style={{ ...CELL, minWidth: 110 }}>
                <Doubt bill={bill} />
              </td>
              <td style={CELL}>
                <a href={`/api/v1/bills/${bill.id}/file?format=pdf`} style={LINK}>
                  PDF
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
