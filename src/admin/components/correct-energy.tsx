import { Button, Loader, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { askAction } from './shared-call-action';
import { kwh, type CorrectionDay, type DaySlot, type Energy } from './shared-correction-day';
import { CorrectionForm } from './shared-correction-form';
import { CorrectionList } from './shared-correction-list';
import { Card, CELL, Field, FIELD, HEAD, NUMBER, Problem, TABLE } from './shared-parts';

const FOLLOW_MS = 10_000;
const DOUBT: React.CSSProperties = { color: '#8a4b00' };

function EnergyCell({ energy }: { energy: Energy | null }) {
  const isSure = energy?.quality === 'measured';
  return (
    <td style={NUMBER}>
      {energy === null ? '' : kwh(energy.wh)}
      {energy === null || isSure ? null : (
        <div style={{ ...DOUBT, fontSize: 12 }}>{energy.method === 'correction' ? 'corrected' : energy.quality}</div>
      )}
    </td>
  );
}

function SlotRow({ slot, chosen, stale, onChoose }: { slot: DaySlot; chosen: boolean; stale: boolean; onChoose(): void }) {
  const [first] = slot.readings;
  const out = slot.readings.filter(({ excluded }) => excluded).length;
  return (
    <tr style={chosen ? { background: '#eef6f4' } : {}}>
      <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{slot.clock}</td>
      <td style={CELL}>
        <Button type="button" size="sm" variant="outlined" disabled={stale} onClick={onChoose} aria-label={`Correct ${slot.clock}`}>
          Correct
        </Button>
      </td>
      <EnergyCell energy={slot.import} />
      <EnergyCell energy={slot.export} />
      <td style={NUMBER}>{first ? kwh(first.importWh) : ''}</td>
      <td style={NUMBER}>{first ? kwh(first.exportWh) : ''}</td>
      <td style={CELL}>
        {slot.readings.length === 0 ? <span style={DOUBT}>none</span> : slot.readings.length}
        {out > 0 ? <span style={DOUBT}>{`, ${out} left out`}</span> : null}
      </td>
    </tr>
  );
}

interface SlotsProps {
  day: CorrectionDay;
  chosen: DaySlot | null;
  /** Another day is on its way. */
  stale: boolean;
  onChoose(slot: DaySlot): void;
}

function Slots({ day, chosen, stale, onChoose }: SlotsProps) {
  if (day.slots.length === 0) return <Text>This day has not begun.</Text>;
  return (
    <div style={{ overflow: 'auto', maxHeight: 480 }}>
      <table style={TABLE}>
        <thead style={{ position: 'sticky', top: 0, background: '#fff' }}>
          <tr>
            <th style={HEAD}>{`From (${day.zone})`}</th>
            <th style={HEAD} aria-label="Correct" />
            {['Import, kWh', 'Export, kWh', 'Import counter', 'Export counter'].map((label) => (
              <th key={label} style={{ ...HEAD, textAlign: 'right' }}>
                {label}
              </th>
            ))}
            <th style={HEAD}>Readings</th>
          </tr>
        </thead>
        <tbody>
          {day.slots.map((slot) => (
            <SlotRow key={slot.slot} slot={slot} chosen={slot.slot === chosen?.slot} stale={stale} onChoose={() => onChoose(slot)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** At a point, or at a meter for the point where it hangs. */
export function CorrectEnergy(props: ActionProps) {
  const [date, setDate] = useState('');
  const [day, setDay] = useState<CorrectionDay | null>(null);
  const [problem, setProblem] = useState('');
  const [slot, setSlot] = useState<DaySlot | null>(null);

  async function load(isCurrent = () => true): Promise<void> {
    const answer = await askAction<CorrectionDay>(props, date ? { day: date } : {});
    if (!isCurrent()) return;
    setProblem(answer.problem);
    if (answer.data) setDay(answer.data);
  }
  const done = () => {
    setSlot(null);
    void load();
  };

  useEffect(() => {
    let current = true;
    setSlot(null);
    void load(() => current);
    return () => {
      current = false;
    };
  }, [date]);
  useEffect(() => {
    if (!day?.pending) return;
    const timer = setTimeout(() => void load(), FOLLOW_MS);
    return () => clearTimeout(timer);
  }, [day]);

  if (!day) return problem ? <Problem sentence={problem} /> : <Loader />;
  return (
    <>
      <Card title={day.point.name}>
        <Text mb="lg">Choose the quarter hour. What is corrected is made anew with its hours, days, months and bills to come.</Text>
        <Field label="Day" help="In the time of the building.">
          <input style={FIELD} type="date" aria-label="Day" value={date || day.day} onChange={(event) => setDate(event.target.value)} />
        </Field>
        <Problem sentence={problem} />
        {day.pending ? (
          <Text mb="lg" style={DOUBT}>
            Some energy of this point waits to be made anew; within five minutes it is.
          </Text>
        ) : null}
        <Slots day={day} chosen={slot} stale={date !== '' && date !== day.day} onChoose={setSlot} />
      </Card>
      {slot ? <CorrectionForm key={slot.slot} day={day} slot={slot} onDone={done} /> : null}
      <CorrectionList corrections={day.corrections} onDone={done} />
    </>
  );
}
