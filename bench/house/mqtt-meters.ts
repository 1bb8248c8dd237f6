// The meters, as a process of their own: publishes so many three-phase messages, all of them different, as fast as the broker takes them.
import { once } from 'node:events';
import { connectAsync } from 'mqtt';

const IN_FLIGHT = 4_000;
const BODY_BYTES = 232;
const FLOATS = 26;
const DOUBLES = 16;
const KIND = 18;
/** Each of them is newer than the one before of the same meter. */
const STEP_S = 0.1;

const [url = '', count = '0', meters = '1'] = process.argv.slice(2);
const rounds = Math.ceil(Number(count) / Number(meters));
const fromS = Date.now() / 1_000 - rounds * STEP_S;

function message(round: number): Buffer {
  const payload = Buffer.alloc(21 + BODY_BYTES);
  const seconds = fromS + round * STEP_S;
  payload.writeUInt8(1, 0);
  payload.writeDoubleBE(seconds, 1);
  payload.writeDoubleBE(seconds, 9);
  payload.writeUInt8(KIND, 17);
  payload.writeUInt16BE(BODY_BYTES, 18);
  for (let field = 0; field < FLOATS; field += 1)
    payload.writeFloatBE(field < 12 ? 1.25 : field < 16 ? 0.9 : field < 25 ? 229.7 : 50, 21 + 4 * field);
  for (let field = 0; field < DOUBLES; field += 1) payload.writeDoubleBE(100 + round / 8, 21 + 4 * FLOATS + 8 * field);
  return payload;
}

const all = Array.from({ length: Number(count) }, (_, index) => ({
  topic: `E/p/bench-${index % Number(meters)}/r/E`,
  payload: message(Math.floor(index / Number(meters))),
}));
const client = await connectAsync(url, { protocolVersion: 5, clientId: `meters ${fromS}` });
process.send?.('ready');
await once(process, 'message');
let next = 0;
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await client.publishAsync(one.topic, one.payload, { qos: 1 });
  }),
);
await client.endAsync();
process.disconnect();
