import { Badge, Button, Text } from '@adminjs/design-system';
import React, { useEffect, useState } from 'react';
import type { WebhookDelivery } from '../../generated/api-client.ts';
import { api, troubleOf, useAnswer } from './shared-api';
import { Card, CELL, HEAD, moment, NUMBER, Problem, TABLE } from './shared-parts';
import { EVENTS } from './shared-webhook-events';

const SHOWN = 25;
const LOOK_MS = 3_000;

const STATES = {
  waiting: { label: 'Waits', variant: 'info' },
  delivered: { label: 'Delivered', variant: 'success' },
  'given-up': { label: 'Given up', variant: 'danger' },
} as const;

function what({ type, events }: WebhookDelivery): string {
  if (type === 'test') return 'Test';
  return events === 1 ? EVENTS[type].label : `${EVENTS[type].label} (${events})`;
}

function came({ statusCode, reason, state, nextAt }: WebhookDelivery): string {
  const next = state === 'waiting' && nextAt ? `Next attempt ${moment(nextAt)}.` : '';
  const answer = statusCode === null ? '' : String(statusCode);
  return [reason || answer, next].filter((part) => part !== '').join(' ');
}

/** The newest deliveries of a webhook; they are looked at again while one waits. */
export function Deliveries({ webhookId, round, mayResend }: { webhookId: number; round: number; mayResend: boolean }) {
  const [problem, setProblem] = useState('');
  const answer = useAnswer(`deliveries-${webhookId}-${round}`, () => api.listWebhookDeliveries({ webhookId, limit: SHOWN }));
  const [kept, setKept] = useState<WebhookDelivery[]>([]);
  const items = answer.data?.items;
  useEffect(() => {
    if (items) setKept(items);
  }, [items]);
  const waits = kept.some(({ state }) => state === 'waiting');
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(answer.again, LOOK_MS);
    return () => clearTimeout(timer);
  });

  async function resend(deliveryId: number): Promise<void> {
    try {
      await api.resendDelivery({ webhookId, deliveryId });
      setProblem('');
      answer.again();
    } catch (err) {
      setProblem(troubleOf(err).sentence);
    }
  }

  return (
    <Card title="Last deliveries">
      <Problem sentence={problem || (answer.trouble?.sentence ?? '')} />
      {kept.length === 0 ? (
        <Text>Nothing was sent yet. Send a test to see whether it comes; all else is sent as it happens.</Text>
      ) : (
        <div style={{ overflowX: 'auto' }}>
          <table style={TABLE}>
            <thead>
              <tr>
                {['Made', 'What', 'State', 'Attempts', 'Answer', ''].map((head) => (
                  <th key={head} style={head === 'Attempts' ? { ...NUMBER, ...HEAD, textAlign: 'right' } : HEAD} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {kept.map((delivery) => (
                <tr key={delivery.id}>
                  <td style={{ ...CELL, whiteSpace: 'nowrap' }} title={delivery.uid}>
                    {moment(delivery.createdAt)}
                  </td>
                  <td style={CELL}>{what(delivery)}</td>
                  <td style={CELL}>
                    <Badge variant={STATES[delivery.state].variant}>{STATES[delivery.state].label}</Badge>
                  </td>
                  <td style={NUMBER}>{delivery.attempts}</td>
                  <td style={CELL}>{came(delivery)}</td>
                  <td style={{ ...CELL, textAlign: 'right' }}>
                    {mayResend ? (
                      <Button type="button" variant="text" size="sm" onClick={() => void resend(delivery.id)}>
                        Send again
                      </Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {answer.data?.next ? (
        <Text mt="lg">{`The newest ${SHOWN}. All of them are at GET /api/v1/webhooks/${webhookId}/deliveries.`}</Text>
      ) : null}
    </Card>
  );
}
