import { Box, Loader } from '@adminjs/design-system';
import { ApiClient } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { Link } from 'react-router-dom';
import { FirstStepsCard, type FirstSteps } from './shared-first-steps';
import { Card, CELL, HEAD, moment, Problem, TABLE } from './shared-parts';

interface MeterAtFault {
  id: number;
  serial: string;
  place: string;
  since: string | null;
  reason: string;
}

interface Attention {
  name: string;
  demo: { id: number; name: string; mayRemove: boolean }[];
  /** Where energy of older times is yet to be made. */
  settling: { name: string; points: number; days: number }[];
  meters: { all: number; ok: number } | null;
  silent: MeterAtFault[];
  neverRead: MeterAtFault[];
  incidents: { id: number; title: string; openedAt: string; acknowledged: boolean }[];
  findings: number;
  /** Who pushes and is no meter yet. */
  unknownSenders: number;
  failedJobs: { queue: string; failed: number }[] | null;
  unsentMails: { waiting: number; failing: number } | null;
  /** Null once there is a meter, and for somebody who makes none. */
  firstSteps: FirstSteps | null;
}

function Figure({ value, label, tone, to }: { value: React.ReactNode; label: string; tone: 'good' | 'bad' | 'plain'; to: string }) {
  const color = { good: '#0b6e5f', bad: '#b42318', plain: '#17242d' }[tone];
  const inside = (
    <>
      <div style={{ fontSize: 30, fontWeight: 700, lineHeight: '38px', color, fontVariantNumeric: 'tabular-nums' }}>{value}</div>
      <div style={{ fontSize: 14, lineHeight: '20px', color: '#64748b' }}>{label}</div>
    </>
  );
  return (
    <Link
      to={to}
      reloadDocument={to === '/admin/queues'}
      style={{ display: 'block', padding: 20, border: '1px solid #e2e8ed', borderRadius: 10, background: '#fff', textDecoration: 'none' }}
    >
      {inside}
    </Link>
  );
}

function Meters({ title, meters }: { title: string; meters: MeterAtFault[] }) {
  if (meters.length === 0) return null;
  return (
    <Card title={title}>
      <div style={{ overflowX: 'auto' }}>
        <table style={TABLE}>
          <thead>
            <tr>
              {['Meter', 'Place', 'Since', 'Reason'].map((head) => (
                <th key={head} style={HEAD}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {meters.map((meter) => (
              <tr key={meter.id}>
                <td style={CELL}>
                  <Link to={`/admin/resources/meters/records/${meter.id}/show`} style={{ color: '#0b6e5f', fontWeight: 600 }}>
                    {meter.serial}
                  </Link>
                </td>
                <td style={{ ...CELL, minWidth: 180 }}>{meter.place}</td>
                <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{moment(meter.since)}</td>
                <td style={{ ...CELL, minWidth: 160 }}>{meter.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Settling({ settling }: { settling: Attention['settling'] }) {
  return (
    <>
      {settling.map(({ name, points, days }) => (
        <Box
          key={name}
          mb="lg"
          style={{ padding: '14px 20px', borderRadius: 10, background: '#e8f1fd', fontSize: 14, lineHeight: '22px', color: '#1e3a6d' }}
        >
          The energy of <strong>{name}</strong> is being made from its readings: {days.toLocaleString('en')} days of {points}{' '}
          {points === 1 ? 'point' : 'points'} are left. Charts and bills of those days wait for it.
        </Box>
      ))}
    </>
  );
}

function Demo({ demo }: { demo: Attention['demo'] }) {
  return (
    <>
      {demo.map(({ id, name, mayRemove }) => (
        <Box
          key={id}
          mb="lg"
          style={{
            padding: '14px 20px',
            borderRadius: 10,
            background: '#fff7e0',
            border: '1px solid #f1d38a',
            fontSize: 14,
            lineHeight: '22px',
            color: '#5c4300',
          }}
        >
          <strong>{name}</strong> is a demo: its meters are virtual, its tenants are invented.{' '}
          {mayRemove ? (
            <Link to={`/admin/resources/buildings/records/${id}/removeDemo`} style={{ color: '#5c4300', fontWeight: 600 }}>
              Remove the demo
            </Link>
          ) : null}
        </Box>
      ))}
    </>
  );
}

function Figures({ data }: { data: Attention }) {
  const failed = data.failedJobs?.reduce((sum, queue) => sum + queue.failed, 0) ?? 0;
  const { meters, unsentMails } = data;
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))', gap: 16, marginBottom: 24 }}>
      {meters ? (
        <Figure
          value={`${meters.ok} / ${meters.all}`}
          label="meters answer"
          tone={meters.ok === meters.all ? 'good' : 'plain'}
          to="/admin/resources/meters"
        />
      ) : null}
      <Figure
        value={data.silent.length}
        label="silent"
        tone={data.silent.length ? 'bad' : 'good'}
        to="/admin/resources/meters?filters.state=silent"
      />
      <Figure
        value={data.incidents.length}
        label="open incidents"
        tone={data.incidents.length ? 'bad' : 'good'}
        to="/admin/resources/incidents"
      />
      <Figure
        value={data.findings}
        label="findings in the data"
        tone={data.findings ? 'bad' : 'good'}
        to="/admin/resources/findings?sortBy=closedAt&direction=asc"
      />
      {data.unknownSenders > 0 ? <Figure value={data.unknownSenders} label="unknown senders" tone="bad" to="/admin/pages/senders" /> : null}
      {data.failedJobs ? (
        <Figure value={failed} label="failed jobs, reads aside" tone={failed ? 'bad' : 'good'} to="/admin/queues" />
      ) : null}
      {unsentMails ? (
        <Figure
          value={unsentMails.waiting}
          label={unsentMails.failing ? `unsent mails, ${unsentMails.failing} failing` : 'unsent mails'}
          tone={unsentMails.waiting ? 'bad' : 'good'}
          to="/admin/resources/outbox"
        />
      ) : null}
    </div>
  );
}

export function Dashboard() {
  const [data, setData] = useState<Attention | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    new ApiClient().getDashboard<Attention>().then(
      (answer) => setData(answer.data),
      () => setProblem('This page cannot be shown at the moment. Try again soon.'),
    );
  }, []);
  if (problem) return <Problem sentence={problem} />;
  if (!data) return <Loader />;
  const calm = data.silent.length + data.neverRead.length + data.incidents.length === 0;
  return (
    <Box style={{ padding: 32, maxWidth: 1100 }}>
      <h1 style={{ fontSize: 26, lineHeight: '34px', fontWeight: 700, color: '#17242d', marginBottom: 20 }}>
        {data.firstSteps && calm ? 'Begin here' : 'What needs attention'}
      </h1>
      <Demo demo={data.demo} />
      <Settling settling={data.settling} />
      {data.firstSteps ? <FirstStepsCard done={data.firstSteps} /> : null}
      {data.firstSteps && calm ? null : <Figures data={data} />}
      <Meters title="Silent meters" meters={data.silent} />
      <Meters title="Never read" meters={data.neverRead} />
      {data.incidents.length > 0 ? (
        <Card title="Open incidents">
          {data.incidents.map((incident) => (
            <div key={incident.id} style={{ fontSize: 14, lineHeight: '28px' }}>
              <Link to={`/admin/resources/incidents/records/${incident.id}/show`} style={{ color: '#0b6e5f', fontWeight: 600 }}>
                {incident.title}
              </Link>
              {`, since ${moment(incident.openedAt)}${incident.acknowledged ? ', somebody looks after it' : ''}`}
            </div>
          ))}
        </Card>
      ) : null}
      {calm && data.meters && data.meters.all > 0 ? (
        <Card title="All is well">
          <p style={{ fontSize: 14, lineHeight: '22px' }}>Every meter that is installed answers, and no incident is open.</p>
        </Card>
      ) : null}
    </Box>
  );
}
