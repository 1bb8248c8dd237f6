import { Box, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Problem, RunButton } from './shared-parts';
import { Blocks, Values, type Reply } from './shared-reading';

export function ReadNow(props: ActionProps) {
  const { busy, problem, data, run } = useCalledAction<Reply>(props);
  return (
    <Box>
      <Card>
        <Text mb="lg">
          Asks the meter at once, outside its rhythm. The answer is shown here and not stored. It can take up to ten seconds.
        </Text>
        <Problem sentence={problem} />
        <RunButton busy={busy} label={data ? 'Read again' : 'Read now'} onRun={() => void run()} />
      </Card>
      {data && !data.ok ? (
        <Card title="No reading">
          <Text>{`${data.reason}: ${data.detail} (${Math.round(data.latencyMs)} ms)`}</Text>
        </Card>
      ) : null}
      {data?.ok ? (
        <>
          <Card title={`Values, ${Math.round(data.latencyMs)} ms`}>
            <Values reply={data} />
          </Card>
          <Card title="Raw registers">
            <Blocks reply={data} />
          </Card>
        </>
      ) : null}
    </Box>
  );
}
