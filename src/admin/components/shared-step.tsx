import { Button, Text } from '@adminjs/design-system';
import React, { useState } from 'react';
import { troubleOf } from './shared-api';
import { Card, Problem, RunButton } from './shared-parts';

/** What cannot be taken back is asked twice. */
export function Step(props: { title: string; text: string; label: string; sure: string; danger?: boolean; act(): Promise<string> }) {
  const [state, setState] = useState({ asks: false, busy: false, problem: '', done: '' });
  async function act(): Promise<void> {
    if (!state.asks) return setState({ ...state, asks: true });
    setState({ ...state, busy: true, problem: '' });
    try {
      setState({ asks: false, busy: false, problem: '', done: await props.act() });
    } catch (err) {
      setState({ asks: false, busy: false, problem: troubleOf(err).sentence, done: '' });
    }
  }
  return (
    <Card title={props.title}>
      <Text mb="lg">{state.done || props.text}</Text>
      <Problem sentence={state.problem} />
      <div style={{ display: 'flex', gap: 12 }}>
        <RunButton
          busy={state.busy}
          danger={state.asks && props.danger === true}
          label={state.asks ? props.sure : props.label}
          onRun={() => void act()}
        />
        {state.asks ? (
          <Button type="button" variant="text" onClick={() => setState({ ...state, asks: false })}>
            No
          </Button>
        ) : null}
      </div>
    </Card>
  );
}
