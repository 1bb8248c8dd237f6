import type { Config } from '../config.ts';
import { consoleActor, reach } from '../domain/permission.ts';
import { checkPhysics } from '../domain/physics.ts';
import { AppError } from '../errors.ts';
import { readMeterNow } from '../use-cases/read-meter-now.ts';
import { findMeter } from '../store/meters.ts';
import { meterNamed } from './find-named.ts';
import { withHouse } from './house-command.ts';
import { readingLines } from './reading-lines.ts';

/** `wattbook read METER`: reads it now; the answer is shown and not stored. */
export async function runRead(config: Config, { meter: text, quantities }: { meter: string; quantities?: string }): Promise<void> {
  const wanted = quantities?.split(',').map((name) => name.trim());
  await withHouse(config, async (house) => {
    const { prisma } = house.database;
    const actor = consoleActor();
    const { id, serial } = await meterNamed(prisma, text);
    const row = await findMeter(prisma, reach(actor, 'meter:read'), id);
    const running = row?.installations.find((installation) => installation.running);
    const line = running === undefined ? null : await prisma.line.findUnique({ where: { id: running.lineId } });
    if (line !== null) await house.needPoller(line.poller);
    const reply = await house.terminal.step(`reading ${serial}`, () => readMeterNow(house, actor, { meterId: id, quantities: wanted }));
    if (!reply.ok) throw new AppError('no-reading', `${serial} could not be read: ${reply.reason}, ${reply.detail}.`);
    const checks = checkPhysics([{ atMs: Date.parse(reply.takenAt), values: reply.values }], { pt: running?.ptRatio ?? 1 });
    house.terminal.say(`\n${serial} at ${reply.takenAt}, in ${Math.round(reply.latencyMs)} ms`);
    for (const sentence of readingLines(reply, checks)) house.terminal.say(sentence);
  });
}
