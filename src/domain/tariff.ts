import type { Micro } from './money.ts';
import { bandAt, italianBand, ITALIAN_BANDS, type Band } from './time-of-use.ts';
import type { LocalTime } from './time-bucket.ts';

/** What a building's flats pay from a local day on, until the next tariff begins. All prices are without VAT. */
export interface Tariff {
  id: number;
  name: string;
  validFrom: string;
  /** ISO 4217. */
  currency: string;
  basePrice: Micro;
  basePer: 'month' | 'day';
  /** Per kWh from the grid, outside all bands. */
  energyPrice: Micro;
  bandsOf: 'week' | 'italy';
  bands: readonly (Band & { price: Micro })[];
  /** Per kWh of the building's own production. */
  ownPrice: Micro;
  ownPrices: readonly { producerId: number; price: Micro }[];
  /** Hundredths of a per cent. */
  vatBasisPoints: number;
}

/** Those that hold in a period, with the days they hold in it; sorted. Days without any are before the first. */
export function tariffsIn(
  tariffs: readonly Tariff[],
  { from, to }: { from: string; to: string },
): (Tariff & { from: string; to: string })[] {
  const sorted = tariffs.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  return sorted.flatMap((tariff, index) => {
    const start = tariff.validFrom > from ? tariff.validFrom : from;
    const next = sorted[index + 1]?.validFrom ?? to;
    const end = next < to ? next : to;
    return start < end ? [{ ...tariff, from: start, to: end }] : [];
  });
}

/** Which band a quarter hour falls into, by the clock at its beginning, and its price per kWh. */
export function gridPrice(tariff: Tariff, time: LocalTime): { band: string; price: Micro } {
  const band = tariff.bandsOf === 'italy' ? italianBand(time) : bandAt(tariff.bands, time);
  const price = tariff.bands.find(({ name }) => name === band)?.price;
  return price === undefined ? { band: '', price: tariff.energyPrice } : { band: band ?? '', price };
}

export function ownPriceOf(tariff: Tariff, producerId: number): Micro {
  return tariff.ownPrices.find((own) => own.producerId === producerId)?.price ?? tariff.ownPrice;
}

/** What is wrong with the bands; null when nothing is. */
export function bandsProblem({ bandsOf, bands }: Pick<Tariff, 'bandsOf' | 'bands'>): string | null {
  const names = bands.map(({ name }) => name);
  if (new Set(names).size < names.length && bandsOf === 'italy') return 'must have F1, F2 and F3 once each';
  if (bandsOf === 'italy') {
    return ITALIAN_BANDS.every((name) => names.includes(name)) && names.length === ITALIAN_BANDS.length
      ? null
      : 'must be F1, F2 and F3 where the bands are those of Italy';
  }
  const priceOf = new Map(bands.map(({ name, price }) => [name, price]));
  const torn = bands.find(({ name, price }) => priceOf.get(name) !== price);
  if (torn) return `${torn.name} has two prices: a band of one name has one`;
  const empty = bands.find(({ fromMinute, toMinute, weekdays }) => fromMinute === toMinute || weekdays.length === 0);
  return empty ? `${empty.name} holds at no time` : null;
}
