import React from 'react';
import type { PushSource } from '../../generated/api-client.ts';
import { api, useAnswer } from './shared-api';
import { CELL, HEAD, TABLE } from './shared-parts';

type Connected = Pick<PushSource, 'kind' | 'name' | 'reach' | 'topics'>;

const CODE: React.CSSProperties = { fontFamily: 'ui-monospace, monospace', fontSize: 13, wordBreak: 'break-all' };
const BLOCK: React.CSSProperties = {
  ...CODE,
  display: 'block',
  whiteSpace: 'pre-wrap',
  background: '#eef3f6',
  borderRadius: 6,
  padding: '10px 12px',
  margin: '6px 0 16px',
};

const NOT_TOLD = 'Not known yet: no worker has started.';

export function Code({ children }: { children: string }) {
  return <code style={CODE}>{children}</code>;
}

function topicOf({ kind, reach, topics }: Connected): string {
  return kind === 'gateway' ? `${reach}/<profile>/<sender>/<recipient>/<class>` : topics;
}

export function Rows({ rows }: { rows: [string, React.ReactNode][] }) {
  return (
    <div style={{ overflowX: 'auto', marginBottom: 16 }}>
      <table style={TABLE}>
        <tbody>
          {rows.map(([label, value]) => (
            <tr key={label}>
              <th scope="row" style={{ ...HEAD, fontSize: 13, width: 170 }}>
                {label}
              </th>
              <td style={CELL}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How it sends, with its token where that was just made. */
export function Connection({ source, token }: { source: Connected; token?: string }) {
  const { hostname, origin } = window.location;
  const told = useAnswer('mqtt-broker', () => api.getMqttBroker());
  const broker = told.data?.broker ?? null;
  const [host, port] = [broker?.host ?? hostname, broker?.port ?? 'PORT'];
  const address = broker === null ? null : `${broker.tls ? 'mqtts' : 'mqtt'}://${host}:${port}`;
  const secret = token ?? 'TOKEN';
  const device = source.kind === 'device' ? source.reach : 'sensor-1';
  const body = `{"timestamp":${Date.now()},"device_id":"${device}","measurement_value":0.125}`;
  return (
    <>
      <Rows
        rows={[
          ['MQTT broker', address === null ? told.data && NOT_TOLD : <Code key="broker">{address}</Code>],
          ['User name', <Code key="name">{source.name}</Code>],
          ['Password', token ? <Code key="token">{token}</Code> : 'Its token, which was shown once. Renew it if it is lost.'],
          ['May publish', <Code key="topics">{source.topics}</Code>],
          ['Topic of a message', <Code key="topic">{topicOf(source)}</Code>],
          [
            'Content',
            source.kind === 'gateway' ? 'ETL messages, binary: kind 18 (three-phase), 21 (single-phase), 30 (alarms)' : 'JSON, as below',
          ],
        ]}
      />
      <p style={{ fontSize: 13, lineHeight: '20px', color: '#64748b', margin: '0 0 16px' }}>
        {broker?.host == null
          ? 'The broker that Wattbook brings along. It listens on this machine only unless HOST says otherwise.'
          : 'A broker of your own, from MQTT_URL: its users and topics are set there.'}
      </p>
      <div style={{ fontSize: 14, lineHeight: '20px' }}>
        Values by HTTP, one or an array of up to 1,000, in kWh:
        <code style={BLOCK}>
          {`curl -X POST ${origin}/api/v1/ingest \\\n  -H 'Authorization: Bearer ${secret}' -H 'Content-Type: application/json' \\\n  -d '${body}'`}
        </code>
        {source.kind === 'device' ? (
          <>
            By MQTT:
            <code
              style={BLOCK}
            >{`mosquitto_pub -h ${host} -p ${port}${broker?.tls ? ' --tls-use-os-certs' : ''} -q 1 -u ${source.name} -P '${secret}' \\\n  -t ${source.topics} -m '${body}'`}</code>
          </>
        ) : null}
      </div>
    </>
  );
}
