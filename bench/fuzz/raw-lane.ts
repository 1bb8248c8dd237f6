import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';

const PATIENCE_MS = 1_500;
const BOMB = gzipSync(Buffer.alloc(20 * 2 ** 20, '['));

/** What no HTTP client sends. */
function pieces(random: Random, authorization: string): Buffer[] {
  const head = (lines: readonly string[], body: Buffer | string = '') =>
    Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
  const post = ['POST /api/v1/ingest HTTP/1.1', 'Host: x', `Authorization: ${authorization}`, 'Content-Type: application/json'];
  const packed = gzipSync('{"timestamp":1,"device_id":"x","measurement_value":1}');
  const get = (target: string, ...headers: string[]) => head([`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers]);
  const whole = random.one([
    () => random.bytes(1 + random.below(2_000)),
    () => head([...post, 'Content-Encoding: gzip', `Content-Length: ${packed.length - 5}`], packed.subarray(0, -5)),
    () => head([...post, 'Content-Encoding: gzip', `Content-Length: ${packed.length}`], random.bytes(packed.length)),
    () => head([...post, 'Content-Encoding: gzip', `Content-Length: ${BOMB.length}`], BOMB),
    () => head([...post, 'Content-Length: 5', 'Content-Length: 6'], '{"a":'),
    () => head([...post, 'Content-Length: -1'], '{}'),
    () => head([...post, 'Content-Length: 99999999999999999999'], '{}'),
    () => head([...post, 'Transfer-Encoding: chunked', 'Content-Length: 3'], '0\r\n\r\n'),
    () => head([...post, 'Transfer-Encoding: chunked'], 'zz\r\n{}\r\n'),
    () => head([...post, 'Transfer-Encoding: chunked'], `5\r\n{"a":\r\n`),
    () => head([...post, 'Expect: 100-continue', 'Content-Length: 2'], '{}'),
    () => head([...post, 'Expect: the impossible', 'Content-Length: 2'], '{}'),
    () => get('/', `X: ${'x'.repeat(20_000)}`),
    () => get('/', ...Array.from({ length: 3_000 }, (_, index) => `X-${index}: 1`)),
    () => get(`/${'a/'.repeat(6_000)}`),
    () => get('*'),
    () => get('http://elsewhere.example/api/v1/buildings'),
    () => get('/api/v1/buildings', 'Cookie: wattbook.session=s%3A..%2F..%2Fx.y; wattbook.session=%FF; __proto__=1'),
    () => get('/api/v1/buildings', `Authorization: Bearer ${'x'.repeat(8_000)}`),
    () => get('/api/v1/buildings', 'If-None-Match: W/"', 'Accept-Language: ;;;q=x,*;q=9', 'Accept-Encoding: gzip;q=nan, *'),
    () => get('/api/v1/buildings', 'Range: bytes=-999999999999999999999', 'Host: y'),
    () =>
      get(
        '/socket.io/?EIO=4&transport=websocket',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 99',
        'Sec-WebSocket-Key: x',
      ),
    () => head(['BREW /coffee HTTP/1.1', 'Host: x']),
    () => head(['GET / HTTP/9.9', 'Host: x']),
    () => head(['GET /api/v1/buildings HTTP/1.1']),
    () => Buffer.concat(Array.from({ length: 50 }, () => head(['GET /ping HTTP/1.1', 'Host: x']))),
  ])();
  if (random.below(3) > 0) return [whole];
  // Slowly, and not to the end.
  const cut = 1 + random.below(whole.length);
  return [whole.subarray(0, Math.floor(cut / 2)), whole.subarray(Math.floor(cut / 2), cut)];
}

function converse(url: string, sent: readonly Buffer[]): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let said = '';
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? 0), text: said.slice(0, 300) });
    };
    const timer = setTimeout(end, PATIENCE_MS);
    socket.on('error', end);
    socket.on('close', end);
    socket.on('data', (piece: Buffer) => {
      said += piece.toString('latin1').slice(0, 1_000);
      if (said.includes('\r\n\r\n')) end();
    });
    for (const [index, piece] of sent.entries()) setTimeout(() => socket.write(piece), index * 200);
  });
}

/** Broken, slow and absurd HTTP, one connection after the other. */
export async function runRawLane(
  { url, tokens, random, tally }: { url: string; tokens: readonly string[]; random: Random; tally: Tally },
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const sent = pieces(random, `Bearer ${random.one(tokens)}`);
    const { status, text } = await converse(url, sent);
    tally.answered('HTTP, raw connections', status);
    if (status === 500) tally.fail(`500: ${sent[0]?.toString('latin1').slice(0, 300)}: ${text}`);
  }
}
