import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, test } from 'vitest';
import { openMqttPublisher } from '../../src/ingest/mqtt-publisher.ts';
import { keepLog } from '../support/kept-log.ts';
import { makeMosquitto, type Mosquitto } from '../support/mosquitto.ts';
import { eventually } from '../support/running.ts';

const run = promisify(execFile);

let folder: string;
let mosquitto: Mosquitto;

beforeEach(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-mosquitto-'));
  mosquitto = makeMosquitto(folder, { house: 'of our own' });
  await mosquitto.start();
});
afterEach(async () => {
  await mosquitto.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What mosquitto_sub is told at once; it ends with an error once nothing more comes. */
async function retained(topic: string): Promise<string[]> {
  const account = ['-h', mosquitto.host, '-p', String(mosquitto.plainPort), '-u', 'house', '-P', 'of our own'];
  const told = await run('mosquitto_sub', [...account, '-t', topic, '-v', '--retained-only', '-W', '2']).catch(
    (err: { stdout: string }) => err,
  );
  return told.stdout.split('\n').filter(Boolean).toSorted();
}

const untilRetained = (topic: string, lines: readonly string[]) =>
  eventually(
    () => retained(topic),
    (told) => told.join() === lines.join(),
  );

test('Mosquitto keeps what we told last, takes away what is empty, and says when we are gone', async () => {
  const publisher = openMqttPublisher({
    url: `mqtt://house:of%20our%20own@${mosquitto.host}:${mosquitto.plainPort}`,
    statusTopic: 'out/status',
    onConnected: async () => {},
    filters: ['out/+/+'],
    onRetained: () => {},
    log: keepLog().log,
  });
  for (let value = 1; value <= 500; value += 1) publisher.publish('out/1/12', String(value));
  publisher.publish('out/1/13', 'for a moment');
  await untilRetained('out/#', ['out/1/12 500', 'out/1/13 for a moment', 'out/status online']);
  publisher.publish('out/1/13', '');
  await untilRetained('out/#', ['out/1/12 500', 'out/status online']);
  await publisher.drop();
  await untilRetained('out/#', ['out/1/12 500', 'out/status offline']);
});
