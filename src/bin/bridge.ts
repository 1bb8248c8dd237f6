import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { InvalidInput } from '../errors.ts';
import { openModbusServer, type ModbusServer } from '../modbus/modbus-server.ts';
import { parseNetworks } from '../networks.ts';
import { modelKeys, readModelFile } from '../simulator/model-file.ts';
import { bridgeInverter, parseBridgeMapping } from '../use-cases/bridge-inverter.ts';
import { positiveFlag, urlFlag, wholeFlag } from './number-flags.ts';
import { runRole, type ProcessContext } from './process.ts';

export interface BridgeCommandOptions {
  mapping: string;
  source?: string;
  port?: string;
  unit?: string;
  period?: string;
  timeout?: string;
  maxAge?: string;
}

const MODELS = fileURLToPath(new URL('../../meters/', import.meta.url));
const MAPPINGS = new URL('../../bridges/', import.meta.url);
const LONGEST_S = 86_400;

async function mappingOf(name: string): Promise<string> {
  const isShipped = /^[a-z0-9-]+$/.test(name);
  try {
    return await readFile(isShipped ? new URL(`${name}.json`, MAPPINGS) : name, 'utf8');
  } catch (cause) {
    throw new InvalidInput({ mapping: `${name} cannot be read: a file, or the name of one in bridges/` }, { cause });
  }
}

/** A test that wants any free port gives 0. */
export async function startBridge({ config, log, shutdown }: ProcessContext, options: BridgeCommandOptions): Promise<ModbusServer> {
  const seconds = (flag: string, text: string) => positiveFlag(flag, text, LONGEST_S) * 1_000;
  if (options.source === undefined)
    throw new InvalidInput({ '--source': 'is needed: the address of the inverter, such as http://192.168.1.50' });
  const source = urlFlag('--source', options.source, ['http', 'https']);
  const port = wholeFlag('--port', options.port ?? '1502', 0, 65_535);
  const mapping = parseBridgeMapping(await mappingOf(options.mapping));
  if (!(await modelKeys(MODELS)).includes(mapping.model))
    throw new InvalidInput({ mapping: `there is no model ${mapping.model} in meters/` });
  const bridge = bridgeInverter({
    mapping,
    model: await readModelFile(MODELS, mapping.model),
    source,
    key: config.BRIDGE_KEY,
    unitId: wholeFlag('--unit', options.unit ?? '1', 1, 247),
    periodMs: seconds('--period', options.period ?? '10'),
    timeoutMs: seconds('--timeout', options.timeout ?? '5'),
    maxAgeMs: seconds('--max-age', options.maxAge ?? '60'),
    monotonic: () => performance.now(),
    log,
  });
  shutdown.add('bridge', () => bridge.close());
  const allowed = parseNetworks(config.MODBUS_ALLOW);
  if (allowed === null) throw new InvalidInput({ MODBUS_ALLOW: 'must be networks separated by commas' });
  const server = await openModbusServer({
    address: { host: config.HOST, port, insists: true },
    names: { what: 'The bridge', hostName: 'HOST', portName: '--port' },
    allowed,
    answer: bridge.answer,
    log,
  });
  shutdown.add('modbus server', () => server.close());
  log.info({ host: config.HOST, port: server.port, model: mapping.model }, 'bridge listening');
  return server;
}

export function runBridge(config: Config, options: BridgeCommandOptions): Promise<void> {
  return runRole('bridge', config, async (context) => {
    await startBridge(context, options);
  });
}
