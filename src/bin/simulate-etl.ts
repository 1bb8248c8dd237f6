import type { Config } from '../config.ts';
import { InvalidInput } from '../errors.ts';
import { openTerminal } from '../embedded/terminal.ts';
import { ETL_SENT_KINDS, type EtlSentKind } from '../simulator/etl-frame.ts';
import { etlSenders } from '../simulator/etl-senders.ts';
import { measuredMoments } from '../simulator/measured-time.ts';
import { openMqttSender } from '../simulator/mqtt-sender.ts';
import { deliver } from './deliver.ts';
import { durationFlag, momentFlag, positiveFlag, urlFlag, wholeFlag } from './number-flags.ts';
import { untilStopped } from './until-stopped.ts';

export interface SimulateEtlOptions {
  url?: string;
  zone?: string;
  senders?: string;
  every?: string;
  kinds?: string;
  start?: string;
  speed?: string;
  rounds?: string;
}

const MOST_SENDERS = 10_000;
const MOST_AT_ONCE = 50;
const DAY_MS = 86_400_000;

/** `wattbook simulate etl`: meters that send ETL messages to a broker. */
export async function runSimulateEtl(_config: Config, options: SimulateEtlOptions): Promise<void> {
  if (options.url === undefined) throw new InvalidInput({ '--url': 'is needed: the broker, such as mqtt://name:password@127.0.0.1:1883' });
  const url = urlFlag('--url', options.url, ['mqtt', 'mqtts']).href;
  const kinds = kindsOf(options.kinds);
  const count = wholeFlag('--senders', options.senders ?? '3', 1, MOST_SENDERS);
  const stepMs = durationFlag('--every', options.every ?? '10s');
  const speed = positiveFlag('--speed', options.speed ?? '1', 1_000_000);
  const rounds = options.rounds === undefined ? Infinity : wholeFlag('--rounds', options.rounds, 1, 999_999_999);
  const nowMs = Date.now();
  const fromMs = options.start === undefined ? nowMs - (speed > 1 ? DAY_MS : 0) : momentFlag('--start', options.start);
  if (fromMs > nowMs) throw new InvalidInput({ '--start': 'must lie in the past' });
  const sinceMs = Date.UTC(new Date(fromMs).getUTCFullYear(), 0, 1);
  const senders = etlSenders({ zone: zoneOf(options.zone), count, kinds, sinceMs });
  const terminal = openTerminal(process.stdout, Date.now);
  const [first] = senders;
  terminal.say(
    `${count === 1 ? first?.id : `${first?.id} to ${senders.at(-1)?.id}`}, kinds ${kinds.join(', ')}, to ${new URL(url).host}. Ctrl-C ends it.`,
  );

  const stopping = untilStopped();
  const sender = openMqttSender({ url, say: terminal.say });
  await deliver({
    terminal,
    stopping,
    most: MOST_AT_ONCE,
    lost: sender.lost,
    close: () => sender.close(),
    async *deliveries() {
      let round = 0;
      for await (const measuredMs of measuredMoments({ fromMs, stepMs, speed, clock: Date.now, signal: stopping.signal })) {
        for (const meter of senders) {
          if (stopping.signal.aborted) return;
          for (const { topic, payload } of meter.messages(measuredMs, Date.now())) yield () => sender.publish(topic, payload);
        }
        round += 1;
        if (round >= rounds) return;
      }
    },
  });
}

function zoneOf(zone = 'E'): string {
  if (!/^[A-Za-z0-9._:-]{1,64}$/.test(zone))
    throw new InvalidInput({ '--zone': 'takes letters, digits, dots, colons, hyphens and underscores' });
  return zone;
}

function kindsOf(text = ETL_SENT_KINDS.join(',')): EtlSentKind[] {
  const asked = text.split(',').map((kind) => ETL_SENT_KINDS.find((known) => String(known) === kind.trim()));
  const known = asked.filter((kind) => kind !== undefined);
  if (known.length < asked.length) throw new InvalidInput({ '--kinds': `must be ${ETL_SENT_KINDS.join(', ')}, separated by commas` });
  return known;
}
