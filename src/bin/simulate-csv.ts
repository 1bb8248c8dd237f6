import { readFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { AppError, InvalidInput } from '../errors.ts';
import { openTerminal } from '../embedded/terminal.ts';
import { topicOfDevice } from '../domain/measurement-tuple.ts';
import { openIngestSender } from '../queue/ingest-sender.ts';
import { openAmqpSender } from '../simulator/amqp-sender.ts';
import { makeHttpSender } from '../simulator/http-sender.ts';
import { measuredMoments } from '../simulator/measured-time.ts';
import { openMqttSender } from '../simulator/mqtt-sender.ts';
import { NotLetIn } from '../simulator/not-let-in.ts';
import { parseSensorValues, replayed } from '../simulator/sensor-values.ts';
import { deliver } from './deliver.ts';
import { durationFlag, momentFlag, positiveFlag, urlFlag } from './number-flags.ts';
import { untilStopped, type Stopping } from './until-stopped.ts';

export interface SimulateCsvOptions {
  file: string;
  to?: string;
  token?: string;
  device?: string;
  column?: string;
  step?: string;
  start?: string;
  speed?: string;
  loop?: boolean;
}

interface Target {
  /** Unacknowledged at once. */
  most: number;
  send(tuple: { timestamp: number; device_id: string; measurement_value: number }): Promise<void>;
  lost?: Promise<never>;
  close(): Promise<void>;
}

const MOST_AT_ONCE = 50;
const INGEST_PATH = '/api/v1/ingest';

/** `wattbook simulate csv FILE`: a sensor that replays the values of a file. */
export async function runSimulateCsv(_config: Config, options: SimulateCsvOptions): Promise<void> {
  const url = urlFlag('--to', options.to ?? '', ['mqtt', 'mqtts', 'http', 'https', 'amqp', 'amqps', 'redis', 'rediss', 'unix']);
  const device = options.device ?? 'sensor-1';
  if (!/^[A-Za-z0-9._:-]{1,80}$/.test(device)) {
    throw new InvalidInput({ '--device': 'takes 1 to 80 letters, digits, dots, colons, hyphens or underscores' });
  }
  const stepMs = durationFlag('--step', options.step ?? '10m');
  const speed = positiveFlag('--speed', options.speed ?? '1', 1_000_000);
  const values = parseSensorValues(await textOf(options.file), options.column);
  if (values.length === 0) throw new AppError('bad-file', `${options.file} has no values.`);
  const nowMs = Date.now();
  const pastMs = speed > 1 ? nowMs - (values.length - 1) * stepMs : nowMs;
  const fromMs = options.start === undefined ? pastMs : momentFlag('--start', options.start);
  if (fromMs > nowMs) throw new InvalidInput({ '--start': 'must lie in the past' });

  const terminal = openTerminal(process.stdout, Date.now);
  terminal.say(
    `${device}: ${values.length} values of ${options.file} from ${new Date(fromMs).toISOString()} on, to ${url.host || url.pathname}. Ctrl-C ends it.`,
  );
  const stopping = untilStopped();
  const target = openTarget(url, options, { device, say: terminal.say, stopping });
  await deliver({
    terminal,
    stopping,
    most: target.most,
    lost: target.lost,
    close: () => target.close(),
    async *deliveries() {
      const moments = measuredMoments({ fromMs, stepMs, speed, clock: Date.now, signal: stopping.signal });
      for (const kwh of replayed(values, options.loop === true)) {
        const moment = await moments.next();
        if (moment.done === true) return;
        yield () => target.send({ timestamp: moment.value, device_id: device, measurement_value: kwh });
      }
    },
  });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('no-file', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

interface TargetContext {
  device: string;
  say(sentence: string): void;
  stopping: Stopping;
}

function openTarget(url: URL, { token }: SimulateCsvOptions, { device, say, stopping }: TargetContext): Target {
  const { signal } = stopping;
  switch (url.protocol) {
    case 'mqtt:':
    case 'mqtts:': {
      const { publish, lost, close } = openMqttSender({ url: url.href, say });
      return { most: MOST_AT_ONCE, send: (tuple) => publish(topicOfDevice(device), JSON.stringify(tuple)), lost, close };
    }
    case 'http:':
    case 'https:': {
      if (url.pathname === '/') url.pathname = INGEST_PATH;
      const post = makeHttpSender({ url: url.href, token, signal, say });
      // One after the other: they come in their order.
      return { most: 1, send: (tuple) => post(JSON.stringify(tuple)).catch(endIfNotLetIn), close: async () => {} };
    }
    case 'amqp:':
    case 'amqps:': {
      const sender = openAmqpSender({ url: url.href, signal, say });
      return { most: 1, send: (tuple) => sender.send(JSON.stringify(tuple)).catch(endIfNotLetIn), close: () => sender.close() };
    }
    default: {
      const sender = openIngestSender(url.href, (err) => say(`${url.host || url.pathname}: ${err.message}`));
      return { most: MOST_AT_ONCE, send: (tuple) => sender.send(tuple), close: () => sender.close() };
    }
  }

  function endIfNotLetIn(err: unknown): never {
    if (err instanceof NotLetIn) stopping.fail(err.code, err.message);
    throw err;
  }
}
