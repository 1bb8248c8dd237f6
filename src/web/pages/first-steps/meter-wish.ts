import { flatNameKey } from '../../../domain/flat-list.ts';
import { api, type Trouble } from '../../data/api.ts';
import { words } from '../../words.ts';
import type { House } from './house.ts';
import { unitIn } from './line-wish.ts';

const {
  firstMeters: { meters: text },
  firstSteps: { line, missing },
} = words;

/** What the building may have as a whole; made when its meter is stored. */
export const HOUSE_PLACES = ['grid', 'common', 'producer'] as const;
export type HousePlace = (typeof HOUSE_PLACES)[number];

export type Place = '' | `flat:${number}` | `new:${HousePlace}`;

export interface MeterWish {
  unitId: string;
  modelKey: string;
  serial: string;
  place: Place;
  ct: string;
  pt: string;
}

export type MeterProblems = Partial<Record<keyof MeterWish, string>>;

function ratioIn(written: string): number | null {
  const ratio = /^\d+([.,]\d+)?$/.test(written.trim()) ? Number(written.replace(',', '.')) : 0;
  return ratio > 0 ? ratio : null;
}

export function testProblemsIn({ unitId, modelKey }: MeterWish): MeterProblems {
  return {
    ...(unitIn(unitId) === null && { unitId: line.unitWrong }),
    ...(modelKey === '' && { modelKey: text.modelMissing }),
  };
}

export function problemsIn(wish: MeterWish): MeterProblems {
  return {
    ...testProblemsIn(wish),
    ...(wish.serial.trim() === '' && { serial: missing }),
    ...(wish.place === '' && { place: text.placeMissing }),
    ...(ratioIn(wish.ct) === null && { ct: text.ratioWrong }),
    ...(ratioIn(wish.pt) === null && { pt: text.ratioWrong }),
  };
}

/** What the server says of a meter that it did not take, at its field. */
export function refusedFields({ fields }: Trouble): MeterProblems {
  return {
    ...(fields['serial'] !== undefined && { serial: text.serialTaken }),
    ...(fields['unitId'] !== undefined && { unitId: text.unitTaken }),
  };
}

function freeName({ flats }: House, name: string): string {
  const taken = new Set(flats.map((flat) => flatNameKey(flat.name)));
  for (let number = 1; ; number += 1) {
    const wanted = number === 1 ? name : `${name} ${number}`;
    if (!taken.has(flatNameKey(wanted))) return wanted;
  }
}

/** The flat of a place; one that is still to be made is made. */
export async function flatAt(house: House, place: Place): Promise<number> {
  const [how, which = ''] = place.split(':');
  if (how === 'flat') return Number(which);
  const kind = HOUSE_PLACES.find((each) => each === which) ?? 'common';
  return (await api.createFlat({ buildingId: house.building.id, kind, name: freeName(house, text.placeNames[kind]) })).id;
}

export async function storeMeter(wish: MeterWish, at: { flatId: number; lineId: number }): Promise<void> {
  const { modelKey, serial } = wish;
  const ratios = { ctRatio: ratioIn(wish.ct) ?? 1, ptRatio: ratioIn(wish.pt) ?? 1 };
  await api.installMeter({ ...at, modelKey, serial: serial.trim(), unitId: Number(wish.unitId), ...ratios });
}
