import { basename } from 'node:path';
import type { Config } from '../config.ts';
import { consoleActor } from '../domain/permission.ts';
import { AppError, InvalidInput } from '../errors.ts';
import type { Building } from '../store/buildings.ts';
import type { Line } from '../store/lines.ts';
import { createBuilding } from '../use-cases/create-building.ts';
import { createFlat } from '../use-cases/create-flat.ts';
import { createLine } from '../use-cases/create-line.ts';
import { deleteBuilding } from '../use-cases/delete-building.ts';
import { deleteFlat } from '../use-cases/delete-flat.ts';
import { deleteLine } from '../use-cases/delete-line.ts';
import { importModel } from '../use-cases/import-model.ts';
import { installMeter } from '../use-cases/install-meter.ts';
import { addAlias } from '../use-cases/name-meter.ts';
import { tryModel } from '../use-cases/try-model.ts';
import { withHouse, type House } from './house-command.ts';
import { readStart } from './import-model.ts';
import { readingLines } from './reading-lines.ts';

export interface MeterAddOptions {
  host?: string;
  port?: string;
  transport?: string;
  unit?: string;
  model?: string;
  workbook?: string;
  flat?: string;
  building?: string;
  serial?: string;
  prefix?: string;
  untested?: boolean;
}

interface Wanted {
  host: string;
  port: number;
  transport: 'tcp' | 'rtu_over_tcp';
  unitId: number;
  flat: string;
}

const actor = consoleActor();

const FLAGS: Readonly<Record<string, string>> = {
  modelKey: '--model',
  unitId: '--unit',
  serial: '--serial',
  host: '--host',
  value: '--prefix',
};

/** What is wrong, by the name under which it was given. */
function withFlags(err: unknown): unknown {
  if (!(err instanceof InvalidInput)) return err;
  const fields = Object.entries(err.fields).map(([field, problem]) => [FLAGS[field] ?? field, problem]);
  return new InvalidInput(Object.fromEntries(fields), { cause: err });
}

function wholeNumber(flag: string, text: string, most: number): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw new InvalidInput({ [flag]: `must be a whole number from 1 to ${most}` });
  return number;
}

function checked({ host, port = '502', transport = 'tcp', unit, flat, model, workbook }: MeterAddOptions): Wanted {
  const needed = { '--host': host, '--unit': unit, '--flat': flat };
  const missing = Object.entries(needed).flatMap(([flag, value]) => (value === undefined ? [[flag, 'is needed']] : []));
  if (missing.length > 0) throw new InvalidInput(Object.fromEntries(missing));
  if ((model === undefined) === (workbook === undefined))
    throw new InvalidInput({ '--model': 'either a model of the library or a --workbook is needed' });
  if (transport !== 'tcp' && transport !== 'rtu_over_tcp')
    throw new InvalidInput({ '--transport': 'must be tcp or rtu_over_tcp; a serial line is made in the back office' });
  return {
    host: host ?? '',
    port: wholeNumber('--port', port, 65_535),
    transport,
    unitId: wholeNumber('--unit', unit ?? '', 247),
    flat: flat ?? '',
  };
}

/** `wattbook meter add`: from an address to a meter that is read, in one line. Nothing of it stays when the meter does not answer. */
export async function runMeterAdd(config: Config, options: MeterAddOptions): Promise<void> {
  const wanted = checked(options);
  const file = options.workbook === undefined ? null : { name: basename(options.workbook), bytes: await readStart(options.workbook) };
  await withHouse(config, async (house) => {
    const { terminal } = house;
    const modelKey = file === null ? (options.model ?? '') : await modelOf(house, file);
    const undo: (() => Promise<void>)[] = [];
    try {
      const building = await buildingFor(house, options.building, undo);
      const line = await lineFor(house, building, wanted, undo);
      if (options.untested !== true) await testRead(house, line, wanted, modelKey);
      const flat = await flatFor(house, building, wanted.flat, undo);
      const serial = options.serial ?? options.prefix ?? `${wanted.host}:${wanted.port}/${wanted.unitId}`;
      const meter = await installMeter(house, actor, { flatId: flat.id, serial, modelKey, lineId: line.id, unitId: wanted.unitId });
      undo.length = 0;
      if (options.prefix !== undefined)
        await addAlias(house, actor, { meterId: meter.id, kind: 'topic', value: options.prefix.replace(/\/+$/, '') });
      terminal.say(
        `\n${serial} measures ${flat.name} in ${building.name}: meter ${meter.id} on ${line.name}, unit ${wanted.unitId}. It is read from the next slot on.`,
      );
    } catch (err) {
      if (undo.length > 0) {
        for (const step of undo.toReversed()) await step();
        terminal.say('It was taken back: nothing is kept.');
      }
      throw withFlags(err);
    }
  });
}

/** One that is there already and is the same is taken as it is. */
async function modelOf(house: House, file: { name: string; bytes: Buffer }): Promise<string> {
  const { models } = await importModel(house, actor, file);
  const [model, ...others] = models;
  if (model === undefined || others.length > 0) {
    throw new AppError('many-models', `${file.name} has ${models.length} models: import it with import-model, and say which with --model.`);
  }
  house.terminal.say(`Model ${model.key}: ${model.state === 'unchanged' ? 'is there already' : `taken from ${file.name}`}.`);
  return model.key;
}

async function buildingFor(house: House, name: string | undefined, undo: (() => Promise<void>)[]): Promise<Building> {
  const { prisma } = house.database;
  const known = await prisma.building.findMany({ orderBy: { id: 'asc' } });
  const named = name === undefined ? known : known.filter((building) => building.name === name);
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  if (named.length > 1) {
    throw new AppError(
      'many-buildings',
      `There are several buildings: say which with --building. ${known.map((building) => `"${building.name}"`).join(', ')}.`,
    );
  }
  const building = await createBuilding(house, actor, { name: name ?? 'Building' });
  undo.push(() => deleteBuilding(house, actor, { id: building.id }));
  house.terminal.say(`Building ${building.name}: made.`);
  return building;
}

/** One connection to one address, whatever the number of meters behind it. */
async function lineFor(house: House, building: Building, { host, port, transport }: Wanted, undo: (() => Promise<void>)[]): Promise<Line> {
  const there = await house.database.prisma.line.findFirst({ where: { host, port } });
  if (there !== null) {
    if (there.buildingId !== building.id) throw new AppError('other-building', `The line to ${host}:${port} belongs to another building.`);
    if (there.transport !== transport)
      throw new InvalidInput({ '--transport': `the line to ${host}:${port} is there as ${there.transport}` });
    return there;
  }
  const line = await createLine(house, actor, { buildingId: building.id, name: `${host}:${port}`, host, port, transport });
  undo.push(() => deleteLine(house, actor, { id: line.id }));
  return line;
}

async function testRead(house: House, line: Line, { unitId }: Wanted, modelKey: string): Promise<void> {
  await house.needPoller(line.poller);
  const read = await house.terminal.step(`reading unit ${unitId} of ${line.name} as ${modelKey}`, () =>
    tryModel(house, actor, { lineId: line.id, unitId, modelKey }),
  );
  if (!read.ok) {
    throw new AppError(
      'no-reading',
      `It could not be read: ${read.reason}, ${read.detail}. Nothing was installed; --untested installs it all the same.`,
    );
  }
  for (const sentence of readingLines(read, read.checks)) house.terminal.say(sentence);
}

async function flatFor(
  house: House,
  building: Building,
  name: string,
  undo: (() => Promise<void>)[],
): Promise<{ id: number; name: string }> {
  const there = await house.database.prisma.flat.findFirst({ where: { buildingId: building.id, name } });
  if (there !== null) return there;
  const flat = await createFlat(house, actor, { buildingId: building.id, name });
  undo.push(() => deleteFlat(house, actor, { id: flat.id }));
  house.terminal.say(`Flat ${flat.name}: made.`);
  return flat;
}
