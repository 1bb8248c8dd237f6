import { Loader } from '@adminjs/design-system';
import React, { useState } from 'react';
import type { BillLine, WholeBill } from '../../generated/api-client.ts';
import { api, useAnswer } from './shared-api';
import { kwh, LINK, sayDay, Wrong } from './shared-bill-words';
import { CELL, HEAD, NUMBER, TABLE } from './shared-parts';

type Slot = Awaited<ReturnType<typeof api.readBillSlots>>['items'][number];

const whOf = (line: BillLine, slot: Slot): number =>
  line.kind === 'grid' ? slot.gridWh : (slot.own.find(({ producerId }) => producerId === line.producerId)?.wh ?? 0);

function byDay(slots: readonly Slot[], zone: string): [string, Slot[]][] {
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
  const days = new Map<string, Slot[]>();
  for (const slot of slots) {
    const day = dayOf.format(Date.parse(slot.slot));
    const known = days.get(day);
    if (known) known.push(slot);
    else days.set(day, [slot]);
  }
  return [...days];
}

function QuarterHours({ line, slots, zone }: { line: BillLine; slots: readonly Slot[]; zone: string }) {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(150px, 1fr))', gap: '2px 20px', fontSize: 13 }}>
      {slots.map((slot) => (
        <div key={slot.slot} style={{ display: 'flex', justifyContent: 'space-between', fontVariantNumeric: 'tabular-nums' }}>
          <span style={{ color: '#64748b' }}>{clock.format(Date.parse(slot.slot))}</span>
          <span>{`${slot.quality === 'estimated' || slot.quality === 'missing' ? `${slot.quality} ` : ''}${whOf(line, slot)} Wh`}</span>
        </div>
      ))}
    </div>
  );
}

/** What a line is the sum of: day by day, and each day by the quarter hour. */
export function LineSlots({ bill, line }: { bill: WholeBill; line: BillLine }) {
  const [open, setOpen] = useState('');
  const { data, trouble } = useAnswer(`slots ${line.id}`, () => api.readBillSlots({ billId: bill.id, lineId: line.id }));
  if (!data) return trouble ? <Wrong sentence={trouble.sentence} /> : <Loader />;
  return (
    <table style={{ ...TABLE, background: '#f9fbfc' }}>
      <thead>
        <tr>
          <th style={HEAD}>Day</th>
          <th style={{ ...HEAD, textAlign: 'right' }}>Energy</th>
          <th style={{ ...HEAD, textAlign: 'right' }}>Quarter hours</th>
        </tr>
      </thead>
      <tbody>
        {byDay(data.items, bill.zone).map(([day, slots]) => (
          <React.Fragment key={day}>
            <tr>
              <td style={CELL}>
                <button
                  type="button"
                  aria-expanded={open === day}
                  onClick={() => setOpen(open === day ? '' : day)}
                  style={{ ...LINK, border: 0, padding: 0, background: 'none', font: 'inherit', cursor: 'pointer' }}
                >
                  {sayDay(day)}
                </button>
              </td>
              <td style={NUMBER}>{kwh(slots.reduce((sum, slot) => sum + whOf(line, slot), 0))}</td>
              <td style={NUMBER}>{slots.length}</td>
            </tr>
            {open === day ? (
              <tr>
                <td style={CELL} colSpan={3}>
                  <QuarterHours line={line} slots={slots} zone={bill.zone} />
                </td>
              </tr>
            ) : null}
          </React.Fragment>
        ))}
      </tbody>
    </table>
  );
}
