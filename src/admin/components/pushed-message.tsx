import { Box, Loader, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import { wordsOfKind, wordsOfReason } from '../../domain/message-words.ts';
import type { PushedMessageDetail } from '../../generated/api-client.ts';
import { api, troubleOf, useAnswer } from './shared-api';
import { BOLD, LINK, Notice, Wrong } from './shared-bill-words';
import { Code, Rows } from './shared-connection';
import { HexDump } from './shared-hex-dump';
import { Card, CELL, exactMoment, HEAD, NUMBER, Problem, RunButton, TABLE } from './shared-parts';

type Message = PushedMessageDetail;

function lagOf({ measuredAt, receivedAt }: Message): string {
  if (measuredAt === null) return '';
  const seconds = (Date.parse(receivedAt) - Date.parse(measuredAt)) / 1_000;
  const amount = Math.abs(seconds);
  const span =
    amount < 120
      ? `${amount.toLocaleString('en-GB', { maximumFractionDigits: 1 })} s`
      : `${Math.round(amount / 60).toLocaleString('en-GB')} minutes`;
  return seconds < 0 ? `, ${span} before it was measured` : `, ${span} after it was measured`;
}

const FATES: Record<Message['state'], string> = {
  stored: 'It is stored',
  noted: 'It is noted',
  'unknown-sender': 'It waits: nobody knows its sender',
  refused: 'It was refused',
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

function storedAs({ alarms }: Message): string {
  if (alarms.length === 0) return 'It became a reading at the time when it was measured.';
  return alarms.some(({ on }) => on)
    ? 'Its alarms are incidents as long as they are on.'
    : 'None of its alarms is on: incidents of them are closed.';
}

/** The day of its reading, where it hangs. */
function dayOf({ measuredAt, zone }: Message): string {
  return measuredAt === null ? '' : new Date(measuredAt).toLocaleDateString('en-CA', zone === null ? {} : { timeZone: zone });
}

function Fate({ message, again }: { message: Message; again(): void }) {
  const [state, setState] = useState({ busy: false, problem: '', done: '' });
  const { why, remedy } = wordsOfReason(message.reason);

  async function replay(): Promise<void> {
    setState({ busy: true, problem: '', done: '' });
    try {
      const { stored } = await api.replayMessage({ messageId: message.id });
      setState({ busy: false, problem: '', done: stored > 0 ? 'It is stored now.' : 'It was judged again, and is still not stored.' });
      again();
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence, done: '' });
    }
  }

  return (
    <Card title={FATES[message.state]}>
      {state.done ? <Notice tone={message.state === 'stored' ? 'success' : 'warning'}>{state.done}</Notice> : null}
      <div style={{ fontSize: 14, lineHeight: '22px', maxWidth: 760 }}>
        {message.state === 'stored' ? storedAs(message) : null}
        {message.state === 'noted' && message.reason === '' ? 'It is kept to be looked at: it tells nothing that is measured.' : null}
        {message.reason === '' || message.state === 'unknown-sender' ? null : (
          <>
            <p style={{ margin: 0 }}>{sentence(why)}</p>
            {message.detail === '' ? null : <p style={{ margin: 0, color: '#64748b' }}>{sentence(message.detail)}</p>}
          </>
        )}
        {message.meter ? (
          <p style={{ margin: '8px 0 0' }}>
            {'Meter '}
            <Link to={`/admin/resources/meters/records/${message.meter.id}/show`} style={LINK}>
              {message.meter.serial}
            </Link>
            {message.state === 'stored' && message.alarms.length === 0 ? (
              <>
                {' · '}
                <Link to={`/admin/pages/readings?meterId=${message.meter.id}&day=${dayOf(message)}`} style={LINK}>
                  Readings of that day
                </Link>
              </>
            ) : null}
          </p>
        ) : null}
        {message.state === 'unknown-sender' ? (
          <p style={{ margin: '8px 0 0' }}>
            {`${remedy ?? ''} `}
            <Link to={`/admin/pages/senders?sender=${encodeURIComponent(message.sender)}`} style={LINK}>
              {`Adopt ${message.sender}`}
            </Link>
          </p>
        ) : null}
        {message.state === 'refused' ? (
          <p style={{ margin: '8px 0 0' }}>{remedy ?? 'Nothing can be mended here: it would be refused again.'}</p>
        ) : null}
      </div>
      <Problem sentence={state.problem} />
      {message.state !== 'stored' && remedy !== null && message.reason !== '' ? (
        <div style={{ marginTop: 16 }}>
          <RunButton busy={state.busy} label="Replay" onRun={() => void replay()} />
        </div>
      ) : null}
    </Card>
  );
}

const number = (value: number): string =>
  value.toLocaleString('en-GB', value !== 0 && Math.abs(value) < 0.01 ? { maximumSignificantDigits: 6 } : { maximumFractionDigits: 4 });

function Fields({ fields }: { fields: Message['fields'] }) {
  if (fields.length === 0) return null;
  return (
    <Card title="Fields">
      <Text style={{ color: '#64748b', fontSize: 13, marginBottom: 8 }}>
        As they came: the message does not say its units; the model of the meter does.
      </Text>
      <div style={{ overflowX: 'auto' }}>
        <table style={TABLE}>
          <thead>
            <tr>
              <th style={HEAD}>Field</th>
              <th style={HEAD}>Meaning</th>
              <th style={{ ...HEAD, textAlign: 'right' }}>Value</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ name, meaning, value }) => (
              <tr key={name}>
                <td style={CELL}>
                  <Code>{name}</Code>
                </td>
                <td style={CELL}>{meaning ?? '–'}</td>
                <td style={typeof value === 'number' ? NUMBER : { ...CELL, textAlign: 'right', wordBreak: 'break-all' }}>
                  {typeof value === 'number' ? number(value) : value}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Alarms({ alarms }: { alarms: Message['alarms'] }) {
  if (alarms.length === 0) return null;
  const on = alarms.filter((alarm) => alarm.on);
  return (
    <Card title={on.length === 0 ? 'Alarms: none is on' : `Alarms: ${on.length} on`}>
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fill, minmax(250px, 1fr))',
          gap: '6px 24px',
          fontSize: 14,
          lineHeight: '22px',
        }}
      >
        {[...on, ...alarms.filter((alarm) => !alarm.on)].map((alarm) => (
          <div key={alarm.name} style={{ color: alarm.on ? '#b42318' : '#475569', fontWeight: alarm.on ? 700 : 400 }}>
            {`${alarm.on ? '\u26a0' : '\u2713'} ${alarm.meaning}: ${alarm.on ? 'on' : 'off'}`}
            {alarm.sent > 1 ? ` (sent as ${alarm.sent})` : ''}
          </div>
        ))}
      </div>
    </Card>
  );
}

/** One message as it came, and what became of it. */
export function PushedMessage({ record }: ActionProps) {
  const messageId = Number(record?.id);
  const { data: message, trouble, again } = useAnswer(`message ${messageId}`, () => api.readMessage({ messageId }));
  if (!message) return trouble ? <Wrong sentence={trouble.sentence} /> : <Loader />;
  const { zone, header, topicParts, source } = message;
  const at = (iso: string | null) => exactMoment(iso, zone);
  const repeats = message.repeats === 0 ? 'No' : `${message.repeats} times, last ${at(message.repeatedAt)}`;
  const parts = topicParts && [
    ...(['zone', 'profile', 'sender', 'recipient'] as const).map((part) => `${part} ${topicParts[part]}`),
    `class ${topicParts.messageClass}`,
  ];
  const kind = header && `${wordsOfKind(header.kind)}: kind ${header.kind}${message.kindName ? `, ${message.kindName}` : ''}`;
  return (
    <Box data-testid="record-page">
      <Fate message={message} again={again} />
      <Card title={`When and from whom${zone ? ` (times in ${zone})` : ''}`}>
        <Rows
          rows={[
            ['Measured', at(message.measuredAt) || 'It does not say, or no time that can be'],
            ...(header ? [['Sent', at(message.sentAt) || 'It does not say'] as [string, string]] : []),
            ['Received', `${at(message.receivedAt)}${lagOf(message)}`],
            ['Came again', repeats],
            [
              'Sender',
              <span key="sender" style={BOLD}>
                {message.sender || 'Unknown'}
              </span>,
            ],
            ['Brought by', source ? source.name : 'A broker that is not ours, or one that was removed'],
            [
              'Topic',
              <span key="topic">
                <Code>{message.topic}</Code>
                {parts ? <div style={{ color: '#64748b', fontSize: 13 }}>{parts.join(' · ')}</div> : null}
              </span>,
            ],
            ...(header && kind
              ? ([
                  ['Kind', kind],
                  [
                    'Header',
                    `API version ${header.apiVersion}, content ${header.contentLength} bytes, CRC ${header.crc} (not checked: how it is reckoned is nowhere written)`,
                  ],
                ] as [string, string][])
              : []),
          ]}
        />
      </Card>
      <Alarms alarms={message.alarms} />
      <Fields fields={message.fields} />
      {message.text === null ? null : (
        <Card title="Content as text">
          <pre style={{ margin: 0, whiteSpace: 'pre-wrap', wordBreak: 'break-all', fontSize: 13, fontFamily: 'ui-monospace, monospace' }}>
            {message.text}
          </pre>
        </Card>
      )}
      <HexDump hex={message.hex} />
    </Box>
  );
}
