import { Button, Text } from '@adminjs/design-system';
import React, { useState } from 'react';
import type { Said } from './shared-correction-day';
import { Card, FIELD, Problem, RunButton } from './shared-parts';
import { postJson } from './shared-rest';

const GREY = { color: '#64748b', fontSize: 13 };

function Undo({ id, onDone }: { id: number; onDone(): void }) {
  const [reason, setReason] = useState<string | null>(null);
  const [state, setState] = useState({ busy: false, problem: '' });
  if (reason === null) {
    return (
      <Button type="button" size="sm" variant="outlined" onClick={() => setReason('')}>
        Undo
      </Button>
    );
  }
  async function undo(): Promise<void> {
    setState({ busy: true, problem: '' });
    const { problem } = await postJson(`/corrections/${id}/undo`, { reason });
    setState({ busy: false, problem });
    if (problem === '') onDone();
  }
  return (
    <div style={{ display: 'flex', flexDirection: 'column', gap: 8 }}>
      <input
        style={FIELD}
        placeholder="Why is it undone?"
        aria-label="Why is it undone?"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Problem sentence={state.problem} />
      <div style={{ display: 'flex', gap: 8 }}>
        <RunButton danger busy={state.busy} disabled={reason.trim() === ''} label="Undo it" onRun={() => void undo()} />
        <Button type="button" variant="outlined" onClick={() => setReason(null)}>
          Keep it
        </Button>
      </div>
    </div>
  );
}

export function CorrectionList({ corrections, onDone }: { corrections: Said[]; onDone(): void }) {
  return (
    <Card title="Corrections of this point">
      {corrections.length === 0 ? (
        <Text data-testid="correction-list">
          Nothing was corrected here. Choose a quarter hour above: you see what a correction changes before you make it.
        </Text>
      ) : null}
      {corrections.map((one) => (
        <div
          key={one.id}
          data-testid="correction-list"
          style={{
            display: 'flex',
            gap: 24,
            padding: '12px 0',
            borderTop: '1px solid #e6ebef',
            justifyContent: 'space-between',
            flexWrap: 'wrap',
          }}
        >
          <div style={{ flex: '1 1 320px' }}>
            <Text style={one.undone ? { textDecoration: 'line-through', color: '#64748b' } : {}}>{one.sentence}</Text>
            <Text style={GREY}>{one.made}</Text>
            {one.undone ? <Text style={GREY}>{`Undone by ${one.undone}`}</Text> : null}
          </div>
          {one.undone ? null : <Undo id={one.id} onDone={onDone} />}
        </div>
      ))}
    </Card>
  );
}
