// What takes messages from a broker, as it is shipped: URL, client id and the file in which what is committed stands line by line.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { gatherMessages } from '../../dist/ingest/gather-messages.js';
import { openMqttSession } from '../../dist/ingest/mqtt-session.js';
import { makeLogger } from '../../dist/logger.js';

const [url, clientId, file] = process.argv.slice(2);
const log = makeLogger('pushed-house', 'info');
const disk = openSync(file, 'a');

/** A kill may come before the commit, in it, and between it and the acknowledgement. */
async function take(messages) {
  await wait(Math.random() * 5);
  const lines = messages.map(({ topic, payload }) => createHash('sha256').update(topic).update('\0').update(payload).digest('hex'));
  writeSync(disk, `${lines.join('\n')}\n`);
  fsyncSync(disk);
  await wait(Math.random() * 5);
}

const gatherer = gatherMessages({ take, canPass: () => true, log });
const session = openMqttSession({ url, clientId, gatherer, clock: Date.now, log });
await once(process, 'SIGTERM');
await session.close();
await gatherer.close();
closeSync(disk);
