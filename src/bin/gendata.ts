import { readFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { consoleActor } from '../domain/permission.ts';
import { isZone } from '../domain/time-bucket.ts';
import { openTerminal } from '../embedded/terminal.ts';
import { AppError, InvalidInput } from '../errors.ts';
import { openDatabase } from '../store/database.ts';
import { generateSamples, parseSamples, type SampleOverrides } from '../use-cases/generate-samples.ts';
import { withDatabase } from './with-database.ts';

export interface GendataOptions {
  file: string;
  topicId?: string;
  topicName?: string;
  sampleRate?: string;
  spread?: string;
  seed?: string;
  building?: string;
  zone?: string;
  model?: string;
  dryRun?: boolean;
}

/** `wattbook gendata FILE.json`: sample data, as EMDC made it. */
export async function runGendata(config: Config, options: GendataOptions): Promise<void> {
  const waves = parseSamples(jsonOf(await textOf(options.file), options.file), overridesOf(options));
  const { zone = 'UTC', building = 'Sample data', model = 'eaton-pxm-4000', dryRun = false } = options;
  if (!isZone(zone)) throw new InvalidInput({ '--zone': 'must be a zone such as Europe/Berlin' });
  const seed = options.seed === undefined ? 1 : number('--seed', options.seed);
  const into = async (url: string): Promise<void> => {
    const database = openDatabase(url, { connections: 4 });
    const terminal = openTerminal(process.stdout, Date.now);
    try {
      const generated = await terminal.step(dryRun ? 'looking' : 'generating', (tell) =>
        generateSamples({ database, clock: Date.now }, consoleActor(), {
          ...{ waves, seed, building, zone, modelKey: model, dryRun },
          onProgress: (done, total) => tell(`${done} of ${total} values`),
        }),
      );
      for (const { prefix, serial, values, fromMs, toMs } of generated) {
        const span = `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
        terminal.say(
          `  ${prefix}: ${values} values, ${span}${serial === null ? `, a new sample meter in ${building}` : ', in place of what it had'}`,
        );
      }
      terminal.say(dryRun ? 'Nothing was stored: this was a dry run.' : 'Stored. Their energy is settled in the background.');
    } finally {
      await database.close();
    }
  };
  await withDatabase(config, into);
}

function number(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidInput({ [flag]: 'must be a number' });
  return value;
}

function overridesOf({ topicId, topicName, sampleRate, spread }: GendataOptions): SampleOverrides {
  return {
    ...(topicId === undefined ? {} : { topic_id: number('--topic-id', topicId) }),
    ...(topicName === undefined ? {} : { topic_name: topicName }),
    ...(sampleRate === undefined ? {} : { sample_rate: number('--sample-rate', sampleRate) }),
    ...(spread === undefined ? {} : { spread: number('--spread', spread) }),
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('no-file', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** JSON with comments to the end of a line; what stands in a text is no comment. */
function jsonOf(text: string, path: string): unknown {
  const plain = text.replaceAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*/g, (found) => (found.startsWith('"') ? found : ''));
  try {
    return JSON.parse(plain);
  } catch (cause) {
    throw new AppError('bad-file', `${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
}
