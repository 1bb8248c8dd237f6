import { AppError } from '../errors.ts';
import type { Database } from '../store/database.ts';
import type { Line } from '../store/lines.ts';

type Db = Database['prisma'];

/** A line by its number or its name. */
export async function lineNamed(prisma: Db, text: string): Promise<Line> {
  const id = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  const found = await prisma.line.findMany({ where: { OR: [{ id }, { name: text }] }, include: { building: { select: { name: true } } } });
  const [line] = found.filter((one) => one.id === id).concat(found.filter((one) => one.id !== id));
  if (line === undefined) {
    const known = (await prisma.line.findMany({ orderBy: { id: 'asc' }, take: 20 })).map((one) => `${one.id} ${one.name}`);
    throw new AppError(
      'no-line',
      `There is no line "${text}". ${known.length > 0 ? `There are: ${known.join(', ')}.` : 'There is none yet: wattbook meter add makes one.'}`,
    );
  }
  if (line.id !== id && found.length > 1) {
    const named = found.map((one) => `${one.id} in ${one.building.name}`).join(', ');
    throw new AppError('many-lines', `Several lines are called "${text}": say the number. ${named}.`);
  }
  return line;
}

/** A meter by its serial or its number. */
export async function meterNamed(prisma: Db, text: string): Promise<{ id: number; serial: string }> {
  const bySerial = await prisma.meter.findUnique({ where: { serial: text }, select: { id: true, serial: true } });
  const byId = /^\d{1,9}$/.test(text)
    ? await prisma.meter.findUnique({ where: { id: Number(text) }, select: { id: true, serial: true } })
    : null;
  const meter = bySerial ?? byId;
  if (meter === null) throw new AppError('no-meter', `There is no meter with the serial or number "${text}".`);
  return meter;
}
