import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { PARITIES, type Parity } from '../domain/line-place.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import { isDay } from '../domain/time-bucket.ts';
import { openTerminal, type Terminal } from '../embedded/terminal.ts';
import { AppError, InvalidInput } from '../errors.ts';
import { modelKeys, readModelFile } from '../simulator/model-file.ts';
import { PROFILES, servedMeters, type ProfileName, type ServedPlace } from '../simulator/served-meters.ts';
import { startVirtualMeters, type VirtualMeter } from '../simulator/virtual-meters.ts';
import { wholeFlag } from './number-flags.ts';
import { untilStopped } from './until-stopped.ts';

export interface SimulateMetersOptions {
  model?: string[];
  count?: string;
  units?: string;
  host?: string;
  port?: string;
  rtuOverTcp?: boolean;
  serial?: string;
  baud?: string;
  parity?: string;
  profile?: string;
  since?: string;
}

const MODELS = fileURLToPath(new URL('../../meters/', import.meta.url));
const HIGHEST_UNIT = 247;
const MOST_METERS = 10_000;
const HIGHEST_PORT = 65_535;
const SHOWN = 20;

/** `wattbook simulate meters`: Modbus meters for whoever wants to read some. */
export async function runSimulateMeters(_config: Config, options: SimulateMetersOptions): Promise<void> {
  const { host = '127.0.0.1', serial } = options;
  const units = unitsOf(options.units);
  const keys = options.model ?? ['eastron-sdm630'];
  const count = countOf(options, keys.length, units.length);
  const placeOf = placesOf(options);
  if (serial !== undefined && count > units.length) {
    throw new InvalidInput({ '--count': `a serial device has room for the ${units.length} unit ids that are given` });
  }
  const profiles = profilesOf(options.profile);
  const sinceMs = sinceOf(options.since);
  const models = await modelsOf(keys);
  const terminal = openTerminal(process.stdout, Date.now);
  const stopping = untilStopped();

  const plan = { models, profiles, count, units, placeOf, sinceMs, nowMs: Date.now() };
  const meters = await terminal.step(`making ${count === 1 ? '1 meter' : `${count} meters`}`, (tell) =>
    made(servedMeters(plan), { tell, signal: stopping.signal }),
  );
  if (stopping.signal.aborted) return;
  const serving = await startVirtualMeters(meters, {
    clock: Date.now,
    host,
    onLost: (path) => stopping.fail('lost', `${path} went away: its meters answer nobody any more.`),
  }).catch(sayWhere);
  say(terminal, meters, (place) => serial ?? `${host}:${serving.ports[place] ?? 0}`);
  try {
    await stopping.stopped;
  } finally {
    await serving.close();
  }
  terminal.say('Ended.');
}

/** The past of each costs a while, in which the person may end it. */
async function made(
  plan: Generator<VirtualMeter>,
  { tell, signal }: { tell: (detail: string) => void; signal: AbortSignal },
): Promise<VirtualMeter[]> {
  const meters: VirtualMeter[] = [];
  for (const meter of plan) {
    if (signal.aborted) break;
    meters.push(meter);
    tell(`${meters.length}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return meters;
}

function countOf({ count, units }: SimulateMetersOptions, models: number, unitIds: number): number {
  if (count !== undefined) return wholeFlag('--count', count, 1, MOST_METERS);
  return units === undefined ? models : unitIds;
}

function unitsOf(range = `1-${HIGHEST_UNIT}`): number[] {
  const [, first, last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(range) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === undefined || from < 1 || to > HIGHEST_UNIT || to < from) {
    throw new InvalidInput({ '--units': `must be a unit id from 1 to ${HIGHEST_UNIT} or a range of them, such as 1-20` });
  }
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function placesOf({ port, serial, baud, parity, rtuOverTcp }: SimulateMetersOptions): (place: number) => ServedPlace {
  if (serial !== undefined) {
    if (port !== undefined) throw new InvalidInput({ '--port': 'is for the network: either that or --serial' });
    const bus = { baudRate: wholeFlag('--baud', baud ?? '9600', 50, 4_000_000), parity: parityOf(parity ?? 'none'), stopBits: 1 } as const;
    return () => ({ serialPath: serial, bus });
  }
  for (const [flag, value] of [['--baud', baud] as const, ['--parity', parity] as const]) {
    if (value !== undefined) throw new InvalidInput({ [flag]: 'is for a serial device: name it with --serial' });
  }
  const first = wholeFlag('--port', port ?? '5020', 0, HIGHEST_PORT);
  const spoken = rtuOverTcp === true ? 'rtu' : 'mbap';
  return (place) => {
    if (first > 0 && first + place > HIGHEST_PORT) throw new InvalidInput({ '--port': 'leaves too few ports for so many meters' });
    if (first === 0 && place > 0) throw new InvalidInput({ '--port': 'must be said for more meters than there are unit ids' });
    return { port: first === 0 ? 0 : first + place, spoken };
  };
}

function parityOf(text: string): Parity {
  const found = PARITIES.find((parity) => parity === text);
  if (found === undefined) throw new InvalidInput({ '--parity': `must be ${PARITIES.join(', ')}` });
  return found;
}

function profilesOf(name = 'mixed'): readonly ProfileName[] {
  if (name === 'mixed') return PROFILES;
  const found = PROFILES.find((profile) => profile === name);
  if (found === undefined) throw new InvalidInput({ '--profile': `must be mixed, ${PROFILES.join(', ')}` });
  return [found];
}

function sinceOf(day = `${new Date().getUTCFullYear()}-01-01`): number {
  if (!isDay(day)) throw new InvalidInput({ '--since': 'must be a day such as 2026-01-01' });
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (ms > Date.now()) throw new InvalidInput({ '--since': 'must lie in the past' });
  return ms;
}

async function modelsOf(keys: readonly string[]): Promise<MeterModel[]> {
  const known = await modelKeys(MODELS);
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const near = known.filter((key) => key.includes(unknown.split('-')[0] || unknown));
    const there = near.length > 0 ? near : known;
    throw new InvalidInput({ '--model': `there is no ${unknown} in the device library; there are ${there.join(', ')}` });
  }
  const models = await Promise.all(keys.map((key) => readModelFile(MODELS, key)));
  const pushing = models.find(({ message }) => message !== null);
  if (pushing !== undefined) {
    throw new InvalidInput({ '--model': `${pushing.key} is not asked but sends by itself: wattbook simulate etl, or csv` });
  }
  return models;
}

function sayWhere(err: unknown): never {
  const { code, port, address } = err as NodeJS.ErrnoException & { port?: number; address?: string };
  if (err instanceof AppError) throw err;
  const where = port === undefined ? '' : ` on ${address}:${port}`;
  const hint = code === 'EADDRINUSE' ? ': another program has this port, choose another one with --port' : '';
  throw new AppError('cannot-serve', `The meters cannot answer${where}${hint || `: ${(err as Error).message}`}.`, { cause: err });
}

/** The so many-th address is that of the so many-th port. */
function say(terminal: Terminal, meters: readonly VirtualMeter[], addressOf: (place: number) => string): void {
  const ports = [...new Set(meters.map(({ port }) => port))];
  const [first] = meters;
  const spoken = first?.serialPath !== undefined ? 'Modbus RTU' : first?.spoken === 'rtu' ? 'RTU over TCP' : 'Modbus TCP';
  terminal.say(`${meters.length === 1 ? '1 meter answers' : `${meters.length} meters answer`} by ${spoken}:`);
  for (const { serial, port, unitId, model, base } of meters.slice(0, SHOWN)) {
    const counted = `${((base?.importWh ?? 0) / 1000).toFixed(1)} kWh import, ${((base?.exportWh ?? 0) / 1000).toFixed(1)} kWh export`;
    terminal.say(`  ${addressOf(ports.indexOf(port))} unit ${unitId}: ${serial}, ${model.key}, ${counted}`);
  }
  if (meters.length > SHOWN)
    terminal.say(`  and ${meters.length - SHOWN} more, up to ${addressOf(ports.length - 1)} unit ${meters.at(-1)?.unitId}`);
  terminal.say('Ctrl-C ends it.');
}
