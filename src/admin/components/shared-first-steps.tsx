import { Icon } from '@adminjs/design-system';
import React from 'react';
import { Link } from 'react-router-dom';
import { Card } from './shared-parts';

export interface FirstSteps {
  buildings: number;
  flats: number;
  lines: number;
  meters: number;
}

const STEPS: { noun: keyof FirstSteps; label: string; why: string }[] = [
  { noun: 'buildings', label: 'Make a building', why: 'Its time zone, and who gets a mail when a meter falls silent.' },
  { noun: 'flats', label: 'Make its flats', why: 'Staircase, solar roof and main meter are flats, too: each has its kind.' },
  {
    noun: 'lines',
    label: 'Make a line',
    why: 'Host and port of the gateway or of a meter. Test connection tells at once whether it answers.',
  },
  {
    noun: 'meters',
    label: 'Put in a meter',
    why: 'Flat, line, unit id, model. Read now shows its first values without waiting for its time.',
  },
];

/** The way from an empty house to the first value. */
export function FirstStepsCard({ done }: { done: FirstSteps }) {
  const next = STEPS.find(({ noun }) => done[noun] === 0);
  return (
    <Card title="The way to the first reading">
      <p style={{ margin: '0 0 8px', fontSize: 14, lineHeight: '22px' }}>
        <a href="/first-steps" style={{ color: '#0b6e5f', fontWeight: 600 }}>
          Go through it step by step
        </a>
        , with a test at each, or make each thing here:
      </p>
      <ol style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {STEPS.map(({ noun, label, why }, index) => (
          <li key={noun} style={{ display: 'flex', gap: 16, padding: '12px 0', borderTop: index === 0 ? 0 : '1px solid #e6ebef' }}>
            <Mark number={index + 1} done={done[noun] > 0} next={next?.noun === noun} />
            <div style={{ fontSize: 14, lineHeight: '22px' }}>
              <Link to={`/admin/resources/${noun}/actions/new`} style={{ color: '#0b6e5f', fontWeight: 600 }}>
                {label}
              </Link>
              <div style={{ color: '#64748b' }}>{why}</div>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Mark({ number, done, next }: { number: number; done: boolean; next: boolean }) {
  return (
    <span
      style={{
        flexShrink: 0,
        display: 'grid',
        placeItems: 'center',
        width: 28,
        height: 28,
        borderRadius: 14,
        fontSize: 14,
        fontWeight: 700,
        color: next ? '#fff' : '#0b6e5f',
        background: next ? '#0b6e5f' : '#e3f3f0',
      }}
    >
      {done ? <Icon icon="Check" /> : number}
    </span>
  );
}
