import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAddressRule } from '../../src/http/allowed-addresses.ts';
import { makeOutgoing } from '../../src/http/outgoing.ts';
import { newWebhookSecret, shownSecret, signedHeaders } from '../../src/http/webhook-signature.ts';
import { openReceiver, type Receiver } from '../support/receiver.ts';

const here = { isAllowed: makeAddressRule(['127.0.0.0/8']), allowsHttp: true };
const outside = { isAllowed: makeAddressRule([]), allowsHttp: false };
const request = { headers: { 'webhook-id': '1' }, body: '{}' };

let receiver: Receiver;
let folder: string;

beforeAll(async () => {
  receiver = await openReceiver();
  folder = mkdtempSync(join(tmpdir(), 'wattbook-tls-'));
});
afterAll(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});

test('only addresses of the public internet are connected to, in whatever form they are written', () => {
  const isAllowed = makeAddressRule([]);
  const refused = [
    ...[
      '127.0.0.1',
      '10.1.2.3',
      '172.31.255.255',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...['::1', '::', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2002:a00:1::', '2001:db8::1'],
    ...['not an address', ''],
  ];
  expect(refused.filter(isAllowed)).toEqual([]);
  const allowed = ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'];
  expect(allowed.filter(isAllowed)).toEqual(allowed);
  const named = makeAddressRule(['192.168.7.0/24', 'fd12::/16']);
  expect(['192.168.7.9', '192.168.8.9', 'fd12::9', 'fd13::9', '::ffff:192.168.7.9'].map(named)).toEqual([true, false, true, false, false]);
});

test('an address is refused by what it leads to: a name, another writing of it, or one of several', async () => {
  const asked: string[] = [];
  const resolve = async (host: string) => {
    asked.push(host);
    return [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
  };
  const network = expect.stringContaining('network that nothing is sent to') as string;
  const problemOf = async (url: string, options = {}) => {
    const target = await makeOutgoing(outside, options).target(url);
    return target.ok ? '' : target.problem;
  };
  expect(await problemOf('https://localhost/x')).toEqual(network);
  expect(await problemOf('https://0x7f.1/x')).toEqual(network);
  expect(await problemOf('https://2130706433/x')).toEqual(network);
  expect(await problemOf('https://[::ffff:127.0.0.1]/x')).toEqual(network);
  expect(await problemOf('https://two.example/x', { resolve })).toEqual(network);
  expect(asked).toEqual(['two.example']);
  expect(await problemOf('http://8.8.8.8/')).toBe('must begin with https:');
  expect(await problemOf('file:///etc/passwd')).toBe('must begin with https:');
  expect(await problemOf('https://user:secret@8.8.8.8/')).toBe('must have no user and password in it');
  expect(await problemOf('https://8.8.8.8/')).toBe('');
});

test('a name is looked up once, and the connection goes to what was checked', async () => {
  const answers = ['127.0.0.1', '10.9.9.9'];
  const looked: string[] = [];
  const resolve = async (host: string) => [{ address: answers[looked.push(host) - 1] ?? '', family: 4 }];
  const url = `http://receiver.example:${receiver.port}/told?x=1`;
  expect(await makeOutgoing(here, { resolve }).post(url, request)).toEqual({ kind: 'answered', status: 204 });
  expect(looked).toEqual(['receiver.example']);
  expect(receiver.received.at(-1)).toMatchObject({ path: '/told?x=1', headers: { host: `receiver.example:${receiver.port}` } });
  // Between saving and sending the name was pointed elsewhere.
  expect(await makeOutgoing(here, { resolve }).post(url, request)).toMatchObject({ kind: 'refused' });
});

test('by HTTPS the certificate must be that of the name', async () => {
  const file = (name: string) => join(folder, name);
  const subject = ['-subj', '/CN=receiver.example', '-addext', 'subjectAltName=DNS:receiver.example'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file('key')];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', file('cert'), '-days', '2', ...subject], { stdio: 'pipe' });
  const cert = readFileSync(file('cert'), 'utf8');
  const secure = await openReceiver({ key: readFileSync(file('key'), 'utf8'), cert });
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const post = (host: string, ca?: string) =>
    makeOutgoing(here, { resolve, ...(ca ? { ca } : {}) }).post(`https://${host}:${secure.port}/`, request);
  expect(await post('receiver.example', cert)).toEqual({ kind: 'answered', status: 204 });
  expect(await post('another.example', cert)).toMatchObject({ kind: 'failed' });
  expect(await post('receiver.example')).toMatchObject({ kind: 'failed' });
  expect(secure.received).toHaveLength(1);
  await secure.close();
});

test('redirects are not followed, and an answer without end or without beginning holds nobody up', async () => {
  const outgoing = makeOutgoing(here);
  const before = receiver.received.length;
  receiver.answer((response) => response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end());
  expect(await outgoing.post(`${receiver.url}/here`, request)).toEqual({ kind: 'answered', status: 302 });
  expect(receiver.received.slice(before).map(({ path }) => path)).toEqual(['/here']);

  receiver.answer((response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(65_536, 'x');
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  });
  expect(await outgoing.post(receiver.url, request)).toEqual({ kind: 'answered', status: 200 });
  receiver.answer(() => {});
  expect(await makeOutgoing(here, { timeoutMs: 300 }).post(receiver.url, request)).toMatchObject({ kind: 'failed' });
});

test('what is said of a port that is closed, of one that speaks something else and of one that is silent is the same', async () => {
  const talks = createServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    socket.end('220 mail.example ESMTP\r\n');
  });
  await new Promise<void>((resolve) => {
    talks.listen(0, '127.0.0.1', resolve);
  });
  const { port } = talks.address() as AddressInfo;
  receiver.answer(() => {});
  const problems = [];
  for (const url of [`http://127.0.0.1:${port}/`, receiver.url]) {
    problems.push(await makeOutgoing(here, { timeoutMs: 300 }).post(url, request));
  }
  await new Promise((resolve) => {
    talks.close(resolve);
  });
  problems.push(await makeOutgoing(here).post(`http://127.0.0.1:${port}/`, request));
  expect(new Set(problems.map((posted) => (posted.kind === 'failed' ? posted.problem : posted.kind))).size).toBe(1);
});

test('the example of the documentation takes what we sign, and nothing else', async () => {
  const secret = newWebhookSecret();
  const [shown, body, nowMs] = [shownSecret(secret), '{"type":"test","text":"größer"}', Date.now()];
  const headers = signedHeaders(secret, { uid: 'one', body, nowMs });
  const page = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
  const code = /```js\n([^]*?)```/.exec(page)?.[1] ?? '';
  const { isFromWattbook } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    isFromWattbook(secret: string, headers: object, body: string, nowMs?: number): boolean;
  };
  expect(isFromWattbook(shown, headers, body)).toBe(true);
  expect(isFromWattbook(shown, headers, `${body} `)).toBe(false);
  expect(isFromWattbook(shown, { ...headers, 'webhook-id': 'another' }, body)).toBe(false);
  expect(isFromWattbook(shown, headers, body, nowMs + 302_000)).toBe(false);
  expect(isFromWattbook(shownSecret(newWebhookSecret()), headers, body)).toBe(false);
});
