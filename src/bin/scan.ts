import type { Config } from '../config.ts';
import { consoleActor } from '../domain/permission.ts';
import { AppError, InvalidInput } from '../errors.ts';
import { cancelScan, findScan, startScan, type Finding, type ShownScan } from '../use-cases/scan-line.ts';
import { lineNamed } from './find-named.ts';
import { withHouse, type House } from './house-command.ts';

const FOLLOW_MS = 300;

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,3}$/.test(text)) throw new InvalidInput({ [flag]: 'must be a whole number from 1 to 247' });
  return Number(text);
}

/** `wattbook scan LINE`: who is on a line, and of what model. Ctrl-C cancels it. */
export async function runScan(config: Config, given: { line: string; from?: string; to?: string }): Promise<void> {
  const from = wholeNumber('--from', given.from);
  const to = wholeNumber('--to', given.to);
  await withHouse(config, async (house) => {
    const line = await lineNamed(house.database.prisma, given.line);
    await house.needPoller(line.poller);
    const scan = await startScan(house, consoleActor(), {
      lineId: line.id,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    const cancel = () => void cancelScan(house, consoleActor(), { lineId: line.id, scanId: scan.id });
    process.once('SIGINT', cancel);
    const ended = await house.terminal.step(`asking ${line.name}, unit ids ${scan.from} to ${scan.to}`, (tell) =>
      follow(house, scan, tell),
    );
    process.off('SIGINT', cancel);
    for (const unit of ended.found) for (const sentence of sentencesOf(unit)) house.terminal.say(sentence);
    house.terminal.say(`\n${ended.found.length === 1 ? '1 unit answers' : `${ended.found.length} units answer`}.`);
    if (ended.ended !== 'finished') {
      throw new AppError(
        'scan-ended',
        `The scan did not reach its end: ${[ended.ended ?? ended.state, ended.detail].filter(Boolean).join(', ')}.`,
      );
    }
  });
}

async function follow(house: House, { id, lineId }: ShownScan, tell: (detail: string) => void): Promise<ShownScan> {
  for (;;) {
    const scan = await findScan(house, consoleActor(), { lineId, scanId: id });
    tell(scan.state === 'waiting' ? 'waiting for the poller' : `unit id ${scan.unitId}, ${scan.found.length} found`);
    if (scan.state === 'ended' || scan.state === 'lost') return scan;
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
  }
}

function sentencesOf({ unitId, latencyMs, meter, guesses }: Finding): string[] {
  const [best] = guesses;
  const names = best?.models.map(({ name, key }) => `${name} (${key})`).join(' or ') ?? 'no model of the library fits';
  const certainty = best === undefined ? '' : `, ${best.models.length > 1 ? 'which are alike' : best.certainty}`;
  return [
    `\nUnit ${unitId} answers in ${Math.round(latencyMs)} ms${meter === null ? '' : `: meter ${meter.serial}`}`,
    `  ${names}${certainty}`,
    ...(best === undefined ? [] : [`  ${best.reasons.join('; ')}`]),
  ];
}
