import { Badge, Box, Button, Icon, Loader, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import { unitOf, isQuantity } from '../../domain/quantity.ts';
import type { Meter, ModbusUnit } from '../../generated/api-client.ts';
import { all, api, troubleOf, useAnswer } from './shared-api';
import { LINK, Notice } from './shared-bill-words';
import { Card, CELL, HEAD, NUMBER, Problem, TABLE } from './shared-parts';

const STATUS = [
  { address: 0, quantity: 'value_age', type: 'uint32', scale: 1, unit: 's', about: 'since the values were taken; FFFFFFFF: never' },
  { address: 2, quantity: 'value_validity', type: 'uint16', scale: 1, unit: '', about: '0 no value yet, 1 valid, 2 too old' },
  { address: 3, quantity: 'value_slots', type: 'uint16', scale: 1, unit: '', about: 'too old from so many missed readings on' },
];
const WORDS: Record<string, number> = { uint16: 1, int64: 4 };

// Only the map itself goes on paper.
const ON_PAPER = `@media print {
  [data-css="sidebar"], [data-css="topbar"], .adminjs_ActionHeader, .not-on-paper { display: none !important; }
  .modbus-unit { break-inside: avoid; }
}`;

function Unit({ unit, onRemove }: { unit: ModbusUnit; onRemove(): void }) {
  const registers = unit.registers.map((one) => ({ ...one, unit: isQuantity(one.quantity) ? unitOf(one.quantity) : '', about: '' }));
  return (
    <div className="modbus-unit">
      <Card title={`Unit ${unit.unitId}: meter ${unit.meter}`}>
        <Text mb="default" style={{ color: '#475569' }}>
          {`${unit.wordOrder === 'big' ? 'Most' : 'Least'} significant word first. Without a value: ${
            unit.noValue === 'exception' ? 'exception 11' : 'NaN, or FFFF, FFFFFFFF, 80000000, 8000000000000000'
          }. Too old from ${unit.slots} missed readings on.`}
        </Text>
        <div style={{ overflowX: 'auto' }}>
          <table style={{ ...TABLE, width: 'auto', minWidth: '60%' }}>
            <thead>
              <tr>
                <th style={{ ...HEAD, textAlign: 'right' }}>Register</th>
                {['Quantity', 'Type', 'Scale', 'Unit', 'Meaning'].map((head) => (
                  <th key={head} style={HEAD}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...STATUS, ...registers].map(({ address, quantity, type, scale, unit: of, about }) => (
                <tr key={quantity}>
                  <td style={NUMBER}>{`${address}${WORDS[type] === 1 ? '' : ` to ${address + (WORDS[type] ?? 2) - 1}`}`}</td>
                  <td style={CELL}>{quantity}</td>
                  <td style={CELL}>{type}</td>
                  <td style={CELL}>{scale}</td>
                  <td style={CELL}>{of}</td>
                  <td style={CELL}>{about}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div className="not-on-paper" style={{ display: 'flex', gap: 12, flexWrap: 'wrap', alignItems: 'center', marginTop: 16 }}>
          <Button
            as="a"
            size="sm"
            variant="outlined"
            href={`/api/v1/modbus-units/${unit.id}/model`}
            download={`wattbook-unit-${unit.unitId}.csv`}
          >
            <Icon icon="Download" />
            CSV for a device library
          </Button>
          <Link to={`/admin/resources/modbus-units/records/${unit.id}/edit`} style={LINK}>
            Settings
          </Link>
          <Link to={`/admin/resources/modbus-registers?filters.modbusUnitId=${unit.id}`} style={LINK}>
            Change registers
          </Link>
          <Button type="button" size="sm" variant="text" onClick={onRemove} aria-label={`Take unit ${unit.unitId} out of the map`}>
            Take out
          </Button>
        </div>
      </Card>
    </div>
  );
}

function Candidates({ meters, units, busy, onAdd }: { meters: Meter[]; units: ModbusUnit[]; busy: boolean; onAdd(meterId: number): void }) {
  const shown = new Map(units.map(({ meterId, unitId }) => [meterId, unitId]));
  return (
    <Card title="Meters of this building">
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        {meters.map(({ id, serial }) =>
          shown.has(id) ? (
            <Badge key={id} variant="success">{`${serial}: unit ${shown.get(id)}`}</Badge>
          ) : (
            <Button key={id} type="button" size="sm" variant="outlined" disabled={busy} onClick={() => onAdd(id)}>
              <Icon icon="Plus" />
              {serial}
            </Button>
          ),
        )}
      </div>
    </Card>
  );
}

/** What a building controller reads of this building, to look at, to add to and to print. */
export function ModbusMap({ record }: ActionProps) {
  const buildingId = Number(record?.id);
  const [state, setState] = useState({ busy: false, problem: '' });
  const units = useAnswer(`units ${buildingId}`, () => all((cursor) => api.listModbusUnits({ buildingId, limit: 500, ...cursor })));
  const meters = useAnswer(`meters ${buildingId}`, () => all((cursor) => api.listMeters({ buildingId, limit: 500, ...cursor })));

  async function act(work: () => Promise<unknown>): Promise<void> {
    setState({ busy: true, problem: '' });
    try {
      await work();
      setState({ busy: false, problem: '' });
      units.again();
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence });
    }
  }

  const trouble = units.trouble ?? meters.trouble;
  if (trouble) return <Problem sentence={trouble.sentence} />;
  if (!units.data || !meters.data) return <Loader />;
  const map = units.data.toSorted((a, b) => a.unitId - b.unitId);
  const open = meters.data.filter(({ state: of }) => of !== 'closed');
  return (
    <Box data-testid="modbus-map">
      <style>{ON_PAPER}</style>
      <Card title={`Modbus TCP map: ${record?.title ?? ''}`}>
        <Text mb="default">
          A building controller reads the latest values here: functions 3 and 4, registers counted from 0, each meter under a unit id of its
          own. Nothing can be written. A value that is unknown or too old is never told as a zero.
        </Text>
        <Text className="not-on-paper">
          The map is answered by the process “wattbook modbus” on MODBUS_PORT; npm start brings it along when MODBUS_PORT is set.
        </Text>
        {map.length > 0 ? (
          <Button className="not-on-paper" type="button" variant="contained" mt="lg" onClick={() => window.print()}>
            <Icon icon="Printer" />
            Print
          </Button>
        ) : null}
      </Card>
      <Problem sentence={state.problem} />
      <div className="not-on-paper">
        {open.length === 0 ? (
          <Notice tone="info">There is no meter in this building yet. Put one into a flat first.</Notice>
        ) : (
          <Candidates
            meters={open}
            units={map}
            busy={state.busy}
            onAdd={(meterId) => void act(() => api.createModbusUnit({ buildingId, meterId }))}
          />
        )}
      </div>
      {map.map((unit) => (
        <Unit key={unit.id} unit={unit} onRemove={() => void act(() => api.deleteModbusUnit({ modbusUnitId: unit.id }))} />
      ))}
    </Box>
  );
}
