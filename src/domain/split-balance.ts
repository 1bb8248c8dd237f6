import type { OwnEnergy, SplitEnergy } from './split.ts';

interface Move {
  slot: number;
  flat: number;
  producer: number;
  otherFlat: number;
  otherProducer: number;
}

/**
 * Carrying knows nothing of what comes: when the period ends, somebody may still be owed a whole Wh or have one too
 * many. Then a Wh is moved within a quarter hour: from one source to the other in this flat, and back in another flat,
 * so that nobody's consumption and nothing produced changes. The grid counts as one more source, and export as one more
 * flat. Each move lessens what the most wronged are owed, so this ends.
 */
export function evenOut(split: OwnEnergy, energy: SplitEnergy): void {
  const settled = new Set<number>();
  for (;;) {
    const cell = mostWronged(split, settled);
    if (cell === null) return;
    const sign = Math.sign(cell < split.owed.length ? (split.owed[cell] ?? 0) : (split.owedFlats[cell - split.owed.length] ?? 0));
    const move = bestMove(split, energy, cell, sign);
    if (move === null) settled.add(cell);
    else {
      apply(split, energy, move, sign);
      settled.clear();
    }
  }
}

/** A list of `own`, or a flat counted on from there; null when nobody is owed a whole Wh. */
function mostWronged({ owed, owedFlats }: OwnEnergy, settled: ReadonlySet<number>): number | null {
  let found: number | null = null;
  let most = 1 - 1e-6;
  const look = (wh: number, cell: number): void => {
    if (Math.abs(wh) < most || settled.has(cell)) return;
    found = cell;
    most = Math.abs(wh);
  };
  owed.forEach(look);
  owedFlats.forEach((wh, flat) => look(wh, owed.length + flat));
  return found;
}

/** How bad it is to be owed this; steep, so that the most wronged come first. */
function wrong(wh: number): number {
  const square = wh * wh;
  return square * square * square * square;
}

function bestMove(split: OwnEnergy, energy: SplitEnergy, wronged: number, sign: number): Move | null {
  const { owed, owedFlats } = split;
  const [flats, producers] = [energy.consumption.length, energy.production.length];
  const wholeFlat = wronged >= owed.length;
  const flat = wholeFlat ? wronged - owed.length : Math.floor(wronged / producers);
  const gainAt = (who: number, source: number, wh: number): number => {
    if (who === flats || source === producers) return 0;
    const before = owed[who * producers + source] ?? 0;
    return wrong(before) - wrong(before - wh);
  };
  const gainOfFlat = (who: number, wh: number) => (who === flats ? 0 : wrong(owedFlats[who] ?? 0) - wrong((owedFlats[who] ?? 0) - wh));
  let best: Move | null = null;
  let most = 1e-9;
  for (let producer = 0; producer < producers; producer += 1) {
    if (!wholeFlat && producer !== wronged - flat * producers) continue;
    for (let otherProducer = wholeFlat ? producers : 0; otherProducer <= producers; otherProducer += 1) {
      if (otherProducer === producer) continue;
      const withGrid = otherProducer === producers;
      for (let otherFlat = 0; otherFlat <= flats; otherFlat += 1) {
        if (otherFlat === flat) continue;
        // From export to a flat, or back, only where all together are owed it: by the proportional rule never.
        if (otherFlat === flats && withGrid && Math.abs(split.owedAll - sign) > 1 - 1e-6) continue;
        const gain =
          gainAt(flat, producer, sign) +
          gainAt(flat, otherProducer, -sign) +
          gainAt(otherFlat, producer, -sign) +
          gainAt(otherFlat, otherProducer, sign) +
          (withGrid ? gainOfFlat(flat, sign) + gainOfFlat(otherFlat, -sign) : 0);
        if (gain <= most) continue;
        const slot = slotFor(split, energy, { flat, producer, otherFlat, otherProducer }, sign);
        if (slot === null) continue;
        best = { slot, flat, producer, otherFlat, otherProducer };
        most = gain;
      }
    }
  }
  return best;
}

/** A quarter hour in which both that give a Wh away have one. */
function slotFor(split: OwnEnergy, energy: SplitEnergy, move: Omit<Move, 'slot'>, sign: number): number | null {
  const { flat, producer, otherFlat, otherProducer } = move;
  for (let slot = 0; slot < energy.slots; slot += 1) {
    const [here, there] = sign > 0 ? [otherProducer, producer] : [producer, otherProducer];
    if (amount(split, energy, flat, here, slot) > 0 && amount(split, energy, otherFlat, there, slot) > 0) return slot;
  }
  return null;
}

function amount({ own }: OwnEnergy, { consumption, production }: SplitEnergy, flat: number, producer: number, slot: number): number {
  const [flats, producers] = [consumption.length, production.length];
  if (flat < flats && producer < producers) return own[flat * producers + producer]?.[slot] ?? 0;
  if (flat === flats && producer === producers) return 1;
  let left = (flat === flats ? production[producer]?.[slot] : consumption[flat]?.[slot]) ?? 0;
  if (flat === flats) for (let cell = producer; cell < own.length; cell += producers) left -= own[cell]?.[slot] ?? 0;
  else for (let cell = flat * producers; cell < (flat + 1) * producers; cell += 1) left -= own[cell]?.[slot] ?? 0;
  return left;
}

function apply(split: OwnEnergy, energy: SplitEnergy, move: Move, sign: number): void {
  const { own, owed, owedFlats } = split;
  const [flats, producers] = [energy.consumption.length, energy.production.length];
  const add = (flat: number, producer: number, wh: number): void => {
    if (flat === flats || producer === producers) return;
    const cell = flat * producers + producer;
    (own[cell] as Int32Array)[move.slot] = (own[cell]?.[move.slot] ?? 0) + wh;
    owed[cell] = (owed[cell] ?? 0) - wh;
    owedFlats[flat] = (owedFlats[flat] ?? 0) - wh;
    split.owedAll -= wh;
  };
  add(move.flat, move.producer, sign);
  add(move.flat, move.otherProducer, -sign);
  add(move.otherFlat, move.producer, -sign);
  add(move.otherFlat, move.otherProducer, sign);
}
