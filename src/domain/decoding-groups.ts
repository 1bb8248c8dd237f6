import type { MeterModel, Order, RegisterSpec, RegisterType } from './meter-model.ts';
import { isQuantity, type Quantity } from './quantity.ts';
import { makeMarkerCheck, makeRawReader } from './raw-value.ts';
import { unitFactor } from './unit.ts';

/** Raw words as they came, in one read of the meter. */
export interface RawRead {
  atMs: number;
  blocks: readonly { function: number; address: number; words: readonly number[] }[];
}

/** The words of the register are all in the block. */
export function holds(block: RawRead['blocks'][number], spec: Pick<RegisterSpec, 'function' | 'address' | 'words'>): boolean {
  return (
    block.function === spec.function && block.address <= spec.address && spec.address + spec.words <= block.address + block.words.length
  );
}

/** How the registers of a group could be laid out. */
export interface Layout {
  wordOrder: Order;
  byteOrder: Order;
  type: RegisterType;
}

/** Registers that the map lays out alike: what is wrong about one is wrong about all. */
export interface RegisterGroup extends Layout {
  words: number;
  specs: RegisterSpec[];
}

/** The numbers on the wire before scale and offset, per read; null where it is none. */
export type RawNumbers = readonly ReadonlyMap<string, number | null>[];

const ORDERS: readonly Order[] = ['big', 'little'];
const SAME_WIDTH: readonly (readonly RegisterType[])[] = [
  ['uint16', 'int16'],
  ['float32', 'uint32', 'int32'],
  ['float64', 'uint64', 'int64'],
];
/** The two bytes of a word have no other layout, and a bit has none at all. */
const FIXED = new Set<RegisterType>(['uint8', 'int8', 'bit']);
/** A float so small is a float in a wrong order: no meter shows a millionth of a microvolt. */
const TINY = 1e-12;

export function groupRegisters({ registers }: Pick<MeterModel, 'registers'>): RegisterGroup[] {
  const groups = new Map<string, RegisterGroup>();
  for (const spec of registers) {
    if (FIXED.has(spec.type)) continue;
    const { type, words, wordOrder, byteOrder } = spec;
    const key = `${type} ${words} ${words === 1 ? '' : wordOrder} ${byteOrder}`;
    const group = groups.get(key) ?? { type, words, wordOrder, byteOrder, specs: [] };
    group.specs.push(spec);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The layouts in question for a group, the one of the map first. */
export function layoutsOf(group: RegisterGroup, { withTypes }: { withTypes: boolean }): Layout[] {
  const alike = withTypes ? SAME_WIDTH.find((types) => types.includes(group.type)) : undefined;
  const types = [group.type, ...(alike ?? []).filter((type) => type !== group.type)];
  const orders = (own: Order) => [own, ...ORDERS.filter((order) => order !== own)];
  const wordOrders = group.words === 1 ? [group.wordOrder] : orders(group.wordOrder);
  return types.flatMap((type) =>
    wordOrders.flatMap((wordOrder) => orders(group.byteOrder).map((byteOrder) => ({ wordOrder, byteOrder, type }))),
  );
}

const isFloat = (type: RegisterType) => type.startsWith('float');

/** A float carries its own point: the scale of a whole number is none of its. */
export function relaid(spec: RegisterSpec, layout: Layout): RegisterSpec {
  return { ...spec, ...layout, scale: isFloat(layout.type) && !isFloat(spec.type) ? 1 : spec.scale };
}

/** The numbers of a group in a layout. Registers that were not read, or that say "no value", are left out. */
export function readNumbers(group: RegisterGroup, layout: Layout, reads: readonly RawRead[]): RawNumbers {
  const readers = group.specs.map((spec) => ({ spec, isMarker: makeMarkerCheck(spec), read: makeRawReader(relaid(spec, layout)) }));
  return reads.map(({ blocks }) => {
    const numbers = new Map<string, number | null>();
    for (const { spec, isMarker, read } of readers) {
      const block = blocks.find((one) => holds(one, spec));
      if (block === undefined) continue;
      const at = spec.address - block.address;
      if (isMarker?.(block.words, at)) continue;
      const raw = read(block.words, at);
      const isNone = typeof raw === 'string' || (isFloat(layout.type) && raw !== 0 && Math.abs(raw) < TINY);
      numbers.set(spec.quantity, isNone ? null : raw);
    }
    return numbers;
  });
}

/** To the fixed unit of the quantity, or null for a name of the model's own: physics knows nothing about it. */
export function toPhysical(
  spec: RegisterSpec,
  scale: number,
  ratios: { ct: number; pt: number },
): { quantity: Quantity; of(raw: number): number } | null {
  const { quantity, unit, offset, ratio } = spec;
  const factor = unitFactor(quantity, unit);
  if (!isQuantity(quantity) || factor === null) return null;
  const gain = { none: 1, ct: ratios.ct, pt: ratios.pt, 'ct*pt': ratios.ct * ratios.pt }[ratio] * factor;
  return { quantity, of: (raw) => (raw * scale + offset) * gain };
}
