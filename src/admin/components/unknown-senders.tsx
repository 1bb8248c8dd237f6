import { Box, Button, Loader, Text } from '@adminjs/design-system';
import React, { useState } from 'react';
import { Link, useLocation } from 'react-router-dom';
import { VALUE_WORDS, wordsOfKind } from '../../domain/message-words.ts';
import type { Adopted, UnknownSender } from '../../generated/api-client.ts';
import { AdoptForm } from './shared-adopt-form';
import { api, useAnswer } from './shared-api';
import { LINK, Notice, Wrong } from './shared-bill-words';
import { Card, CELL, HEAD, moment, NUMBER, TABLE } from './shared-parts';

const idOf = ({ sender, kind, source }: UnknownSender): string => JSON.stringify([sender, kind === null, source?.id ?? 0]);

function kindsOf({ kinds }: UnknownSender): string {
  return kinds.length === 0 ? VALUE_WORDS : kinds.map((kind) => `${wordsOfKind(kind)} (${kind})`).join(', ');
}

function Done({ sender, adopted }: { sender: string; adopted: Adopted }) {
  const { replayed, stored, meterId } = adopted;
  const rest = replayed - stored;
  return (
    <Notice tone={rest === 0 ? 'success' : 'warning'}>
      <strong>{sender}</strong>
      {` is adopted. ${stored.toLocaleString('en-GB')} of ${replayed.toLocaleString('en-GB')} messages that waited ${stored === 1 ? 'is' : 'are'} stored${
        rest > 0 ? '; why the others are not stands at each of them' : ''
      }. Later ones are stored as they come. `}
      <Link to={`/admin/resources/meters/records/${meterId}/show`} style={LINK}>
        The meter
      </Link>
      {' · '}
      <Link to={`/admin/resources/messages?filters.sender=${encodeURIComponent(sender)}`} style={LINK}>
        Its messages
      </Link>
    </Notice>
  );
}

function Nobody() {
  return (
    <Card title="Nobody waits">
      <Text mb="lg">Everybody who pushes is known as a meter, or nobody pushes yet.</Text>
      <ol style={{ fontSize: 14, lineHeight: '24px', margin: 0, paddingLeft: 20 }}>
        <li>
          Make a gateway or device under{' '}
          <Link to="/admin/resources/push-sources" style={LINK}>
            Gateways and devices
          </Link>
          : it gets a user name, a password and its topics.
        </li>
        <li>Let it send: by MQTT on zone/profile/sender/recipient/class or wattbook/device/measurements, or by POST /api/v1/ingest.</li>
        <li>
          Each sender that nobody knows appears here with its first message, and is given its meter with Adopt. What it sent before is
          stored then.
        </li>
      </ol>
    </Card>
  );
}

function Senders({ senders, open, onOpen }: { senders: UnknownSender[]; open: string; onOpen(id: string): void }) {
  return (
    <Card title={senders.length === 1 ? '1 sender waits' : `${senders.length} senders wait`}>
      <div style={{ overflowX: 'auto' }}>
        <table style={TABLE}>
          <thead>
            <tr>
              <th style={HEAD} />
              {['Sender', 'What it sends', 'Brought by'].map((head) => (
                <th key={head} style={HEAD}>
                  {head}
                </th>
              ))}
              <th style={{ ...HEAD, textAlign: 'right' }}>Messages</th>
              <th style={HEAD}>Since</th>
              <th style={HEAD}>Last</th>
            </tr>
          </thead>
          <tbody>
            {senders.map((sender) => (
              <tr key={idOf(sender)} style={open === idOf(sender) ? { background: '#e3f3f0' } : {}}>
                <td style={{ ...CELL, width: 1 }}>
                  <Button
                    type="button"
                    size="sm"
                    variant="outlined"
                    aria-label={`Adopt ${sender.sender}`}
                    onClick={() => onOpen(idOf(sender))}
                  >
                    Adopt
                  </Button>
                </td>
                <td style={{ ...CELL, wordBreak: 'break-all', minWidth: 140 }}>
                  <Link
                    to={`/admin/resources/messages?filters.sender=${encodeURIComponent(sender.sender)}`}
                    style={{ ...LINK, whiteSpace: 'normal' }}
                  >
                    {sender.sender}
                  </Link>
                </td>
                <td style={{ ...CELL, minWidth: 150 }}>{kindsOf(sender)}</td>
                <td style={CELL}>{sender.source?.name ?? 'a broker that is not ours'}</td>
                <td style={NUMBER}>{sender.messages.toLocaleString('en-GB')}</td>
                <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{moment(sender.firstAt)}</td>
                <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{moment(sender.lastAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** Who pushes and is known by nobody: each is given its meter here. */
export function UnknownSenders() {
  const { search } = useLocation();
  const wanted = new URLSearchParams(search).get('sender');
  const [open, setOpen] = useState<string | null>(null);
  const [done, setDone] = useState<{ sender: string; adopted: Adopted } | null>(null);
  const { data, trouble, again } = useAnswer('senders', () => api.listUnknownSenders());
  const first = data?.items.find(({ sender }) => sender === wanted);
  const chosen = data?.items.find((sender) => idOf(sender) === (open ?? (first ? idOf(first) : '')));
  return (
    <Box style={{ padding: 'clamp(12px, 3vw, 32px)', maxWidth: 1200 }}>
      <h1 style={{ fontSize: 26, lineHeight: '34px', fontWeight: 700, color: '#17242d', marginBottom: 8 }}>Unknown senders</h1>
      <Text style={{ color: '#475569', marginBottom: 20, maxWidth: 760 }}>
        Who sends messages without being known as a meter. Their messages wait here: give the sender its meter, and they are stored with the
        times at which they were measured.
      </Text>
      <Wrong sentence={trouble?.sentence} />
      {done ? <Done {...done} /> : null}
      {data === null && !trouble ? <Loader /> : null}
      {data?.items.length === 0 ? <Nobody /> : null}
      {chosen ? (
        <Card title={`Adopt ${chosen.sender}`}>
          <AdoptForm
            key={idOf(chosen)}
            sender={chosen}
            onAdopted={(adopted) => {
              setDone({ sender: chosen.sender, adopted });
              setOpen('');
              again();
            }}
            onClose={() => setOpen('')}
          />
        </Card>
      ) : null}
      {data && data.items.length > 0 ? (
        <Senders
          senders={data.items}
          open={chosen ? idOf(chosen) : ''}
          onOpen={(id) => {
            setDone(null);
            setOpen(id);
          }}
        />
      ) : null}
    </Box>
  );
}
