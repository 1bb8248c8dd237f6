#!/usr/bin/env node
import { Command } from 'commander';
import { countInUtc, readConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import { BRIDGE_COMMAND } from './bridge-command.ts';
import type { CommandSpec } from './command-spec.ts';
import { PRODUCER_COMMANDS } from './producer-commands.ts';
import { version } from './version.ts';

// A command loads only what it runs: a scheduler has no use for the back office.
const COMMANDS: Record<string, CommandSpec> = {
  start: {
    does: 'everything on this machine: private servers, demo building, all processes',
    load: async () => (await import('./start.ts')).runStart,
  },
  migrate: { does: 'brings the database up to this version', load: async () => (await import('./migrate.ts')).runMigrate },
  scheduler: { does: 'plans which meter is read when', load: async () => (await import('./scheduler.ts')).runScheduler },
  poller: { does: 'reads the meters of the lines of POLLER_NAME', load: async () => (await import('./poller.ts')).runPoller },
  worker: {
    does: 'stores what could not be stored at once, settles energy, sends mails',
    load: async () => (await import('./worker.ts')).runWorker,
  },
  server: { does: 'pages, REST, back office', load: async () => (await import('./server.ts')).runServer },
  modbus: {
    does: 'the latest values as registers for a building controller, on MODBUS_PORT',
    load: async () => (await import('./modbus.ts')).runModbus,
  },
  bridge: BRIDGE_COMMAND,
  simulator: { does: 'the virtual meters of the demo building', load: async () => (await import('./simulator.ts')).runSimulator },
  rebuild: {
    does: 'makes intervals, hours, days and months anew from the readings',
    options: { '--building <number>': 'of one building only', '--from <day>': 'from that day on' },
    load: async () => (await import('./rebuild.ts')).runRebuild,
  },
  'demo remove': {
    does: 'removes the demo building with its history and log-ins, after asking',
    options: { '--yes': 'does not ask' },
    load: async () => (await import('./remove-demo.ts')).runRemoveDemo,
  },
  scan: {
    does: 'who is on a line, and of what model',
    given: { '<line>': 'the number or the name of the line' },
    options: { '--from <unit>': 'the first unit id, 1 if not said', '--to <unit>': 'the last unit id, 247 if not said' },
    load: async () => (await import('./scan.ts')).runScan,
  },
  read: {
    does: 'reads a meter now; the answer is shown and not stored',
    given: { '<meter>': 'the serial or the number of the meter' },
    options: { '--quantities <names>': 'these only, separated by commas; also what is not read every quarter hour' },
    load: async () => (await import('./read.ts')).runRead,
  },
  'meter add': {
    does: 'reads a meter, then installs it: makes what is missing of line, model, building, flat and point',
    options: {
      '--host <host>': 'host name or IP address of the meter or its gateway',
      '--port <port>': '502 if not said',
      '--transport <transport>': 'tcp or rtu_over_tcp; tcp if not said',
      '--unit <unit>': 'its unit id, 1 to 247',
      '--model <key>': 'a model of the device library, such as eastron-sdm630',
      '--workbook <file>': 'in place of a model: its register map, an EMDC workbook or any other that import-model takes',
      '--flat <name>': 'where it measures',
      '--building <name>': 'needed where there are several',
      '--serial <serial>': 'as printed on it; without one it is called after its address',
      '--prefix <prefix>': 'of its topics, as EMDC has it: it becomes an alias of the meter',
      '--untested': 'installs it though it does not answer',
    },
    load: async () => (await import('./meter-add.ts')).runMeterAdd,
  },
  'import-model': {
    does: 'a register map into the device library: what would change, then the import',
    given: { '<file>': 'our own format, an EMDC workbook or an EMM table, as .csv or .xlsx' },
    options: {
      '--key <key>': 'what the model is called here; without it the name of the file',
      '--format <format>': 'wattbook, emdc or emm; without it the heading says it',
      '--dry-run': 'stores nothing',
      '--yes': 'replaces a model that is there already unasked',
    },
    load: async () => (await import('./import-model.ts')).runImportModel,
  },
  'import-readings': {
    does: 'readings of meters that are there, from a CSV file: meter_serial,time,import_kwh,export_kwh',
    given: { '<file>': 'the CSV file, of any size' },
    options: {
      '--zone <zone>': 'of times without an offset, such as Europe/Berlin',
      '--move-start': 'lets a meter begin with its first reading in the file, where that is earlier',
      '--dry-run': 'stores nothing: says what would be stored, and every error',
    },
    load: async () => (await import('./import-readings.ts')).runImportReadings,
  },
  'import mmetering': {
    does: "a dump of mmetering becomes a building with its flats, meters and readings: Django's `manage.py dumpdata mmetering`",
    given: { '<file>': 'the dump, JSON of any size' },
    options: {
      '--zone <zone>': 'where the building stands, such as Europe/Berlin',
      '--clock <zone>': 'of the old clock, where it knew no summer time: such as Etc/GMT-1',
      '--name <name>': 'of the building; the name of the file if not said',
      '--dry-run': 'stores nothing: says what would be made, and every error',
    },
    load: async () => (await import('./import-old-system.ts')).runImportMmetering,
  },
  'import emdc': {
    does: 'the tables of EMDC become a building: each prefix of its topics a meter',
    given: { '<file>': 'the table data as CSV: ts,topic_id,value_string' },
    options: {
      '--topics <file>': 'the table topics as CSV: topic_id,topic_name',
      '--meta <file>': 'the table meta as CSV, for units: topic_id,metadata',
      '--model <key>': 'of the panels, from the device library or imported with import-model',
      '--zone <zone>': 'where the building stands, such as America/Los_Angeles',
      '--clock <zone>': 'of ts; UTC if not said',
      '--name <name>': 'of the building; the name of the file if not said',
      '--dry-run': 'stores nothing: says what would be made, and every error',
    },
    load: async () => (await import('./import-old-system.ts')).runImportEmdc,
  },
  'import emm': {
    does: 'the tables of EMM and what Influx has of them become a building',
    given: { '<file>': 'the export of Influx as CSV: name,time,id,value and, where it is, dataunit' },
    options: {
      '--meters <file>': 'the table energy_meters as CSV',
      '--registers <file>': 'the table registers as CSV; import its models first, with import-model',
      '--zone <zone>': 'where the building stands, such as Europe/Warsaw',
      '--name <name>': 'of the building; the name of the file if not said',
      '--dry-run': 'stores nothing: says what would be made, and every error',
    },
    load: async () => (await import('./import-old-system.ts')).runImportEmm,
  },
  ...PRODUCER_COMMANDS,
  all: { does: 'scheduler, poller, worker and server in one process', load: async () => (await import('./all.ts')).runAll },
};

const GROUPS: Record<string, string> = {
  demo: 'the demo building',
  meter: 'meters of the house',
  import: 'the data of other systems',
  simulate: 'meters and senders that are not there, for any target: no database is needed',
};

async function run({ load }: CommandSpec, options: object): Promise<void> {
  try {
    const config = readConfig();
    const hasLauncher = process.connected;
    const action = await load();
    if (hasLauncher && !process.connected) throw new AppError('launcher-ended', 'The launcher ended before this process was there.');
    await action(config, options as never);
    process.exit(0);
  } catch (err) {
    // What a person can act on is one sentence; anything else is a defect and shows its stack.
    console.error(err instanceof AppError ? err.message : err);
    process.exit(1);
  }
}

function groupOf(parent: Command, name: string): Command {
  return parent.commands.find((command) => command.name() === name) ?? parent.command(name).description(GROUPS[name] ?? '');
}

function givenTo(command: Command): Record<string, string> {
  return Object.fromEntries(command.registeredArguments.map((argument, place) => [argument.name(), command.args[place] ?? '']));
}

countInUtc();
const program = new Command('wattbook').description('Reads every electricity meter of a building on the quarter hour.').version(version());
for (const [name, spec] of Object.entries(COMMANDS)) {
  const words = name.split(' ');
  const parent = words.slice(0, -1).reduce(groupOf, program);
  const command = parent.command(words.at(-1) ?? name).description(spec.does);
  for (const [flag, does] of Object.entries(spec.options ?? {})) command.option(flag, does);
  for (const [name, does] of Object.entries(spec.given ?? {})) command.argument(name, does);
  if (spec.more !== undefined) command.addHelpText('after', spec.more);
  command.action(() => run(spec, { ...command.opts(), ...givenTo(command) }));
}
await program.parseAsync();
