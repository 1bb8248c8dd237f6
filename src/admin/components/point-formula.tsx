import { Button, Loader, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { Link } from 'react-router-dom';
import { askAction, useCalledAction } from './shared-call-action';
import { Card, CELL, Problem, RunButton, TABLE } from './shared-parts';

type Sign = 'plus' | 'minus';

interface Formula {
  terms: { partId: number; sign: Sign; name: string }[];
  choice: { id: number; name: string }[];
  /** That hangs or last hung here. */
  meter: { serial: string; hangs: boolean } | null;
}

const SIGNS: { sign: Sign | null; label: string; spoken: string }[] = [
  { sign: null, label: '0', spoken: 'Leave out' },
  { sign: 'plus', label: '+', spoken: 'Add' },
  { sign: 'minus', label: '−', spoken: 'Take away' },
];

function sentenceOf(signs: ReadonlyMap<number, Sign>, choice: Formula['choice']): string {
  const chosen = choice.filter(({ id }) => signs.has(id));
  const of = (sign: Sign) => chosen.filter(({ id }) => signs.get(id) === sign).map(({ name }) => name);
  const parts = [...of('plus').map((name) => `+ ${name}`), ...of('minus').map((name) => `− ${name}`)];
  return parts.join(' ').replace(/^\+ /, '');
}

function Parts({
  formula,
  signs,
  onChoose,
}: {
  formula: Formula;
  signs: ReadonlyMap<number, Sign>;
  onChoose(id: number, sign: Sign | null): void;
}) {
  return (
    <div style={{ maxHeight: 420, overflow: 'auto', marginBottom: 20 }}>
      <table style={TABLE}>
        <tbody>
          {formula.choice.map(({ id, name }) => (
            <tr key={id}>
              <td style={{ ...CELL, whiteSpace: 'nowrap', width: 150 }}>
                {SIGNS.map(({ sign, label, spoken }) => (
                  <label key={label} style={{ display: 'inline-flex', gap: 4, alignItems: 'center', marginRight: 12 }}>
                    <input
                      type="radio"
                      name={`sign-${id}`}
                      aria-label={`${spoken}: ${name}`}
                      checked={(signs.get(id) ?? null) === sign}
                      onChange={() => onChoose(id, sign)}
                    />
                    {label}
                  </label>
                ))}
              </td>
              <td style={CELL}>{name}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Metered({ title, serial, hangs }: { title: string | undefined; serial: string; hangs: boolean }) {
  return (
    <Card title={title}>
      <div data-testid="point-has-meter" style={{ maxWidth: 760 }}>
        <Text mb="default" style={{ fontWeight: 600 }}>
          {`This point cannot have a formula: the meter ${serial} ${hangs ? 'hangs' : 'hung'} here.`}
        </Text>
        <Text mb="lg">
          The energy of this point is what its meter measured, and that stays. A formula would say another energy for the same point. Make a
          new point in the flat that it is for, hang no meter there, and give that point the formula. This point can be a part of it.
        </Text>
        <Link to="/admin/resources/points/actions/new" style={{ color: '#0b6e5f', fontWeight: 600 }}>
          Make a new point
        </Link>
      </div>
    </Card>
  );
}

export function PointFormula(props: ActionProps) {
  const [formula, setFormula] = useState<Formula | null>(null);
  const [signs, setSigns] = useState<ReadonlyMap<number, Sign>>(new Map());
  const [trouble, setTrouble] = useState('');
  const [sure, setSure] = useState(false);
  const { busy, problem, data, run } = useCalledAction<Formula>(props);
  const take = (told: Formula | null) => {
    if (!told) return;
    setFormula(told);
    setSigns(new Map(told.terms.map(({ partId, sign }) => [partId, sign])));
    setSure(false);
  };

  useEffect(() => {
    void askAction<Formula>(props, { step: 'show' }).then((answer) => {
      setTrouble(answer.problem);
      take(answer.data);
    });
  }, []);
  useEffect(() => take(data), [data]);

  if (!formula) return trouble ? <Problem sentence={trouble} /> : <Loader />;
  if (formula.meter) return <Metered title={props.record?.title} {...formula.meter} />;
  const choose = (id: number, sign: Sign | null) =>
    setSigns(new Map([...[...signs].filter(([one]) => one !== id), ...(sign ? [[id, sign] as const] : [])]));
  const save = () => run({ step: 'set', terms: [...signs].map(([id, sign]) => `${id}:${sign}`).join(' ') });
  return (
    <Card title={props.record?.title}>
      <Text mb="lg">
        A point without a meter can be the sum and difference of others of its building: a common area is the grid plus the roof less the
        flats. Producers and batteries count with what they give, all others with what they take.
      </Text>
      {formula.choice.length === 0 ? (
        <Text mb="lg">There is no other point in this building yet that it could be made of.</Text>
      ) : (
        <Parts formula={formula} signs={signs} onChoose={choose} />
      )}
      <Text mb="lg" style={{ fontWeight: 600 }} data-testid="formula">
        {signs.size > 0 ? `${props.record?.title} = ${sentenceOf(signs, formula.choice)}` : 'No point is chosen.'}
      </Text>
      <Problem sentence={problem} />
      <div style={{ display: 'flex', gap: 16, alignItems: 'center', flexWrap: 'wrap' }}>
        <RunButton busy={busy} disabled={signs.size === 0} label="Save formula" onRun={() => void save()} />
        {formula.terms.length > 0 && !sure ? (
          <Button type="button" variant="outlined" onClick={() => setSure(true)}>
            Remove formula
          </Button>
        ) : null}
        {sure ? (
          <>
            <Text>The energy it made goes with it. Bills that were issued stay.</Text>
            <Button type="button" variant="danger" disabled={busy} onClick={() => void run({ step: 'remove' })}>
              Remove it
            </Button>
            <Button type="button" variant="outlined" onClick={() => setSure(false)}>
              Keep it
            </Button>
          </>
        ) : null}
      </div>
    </Card>
  );
}
