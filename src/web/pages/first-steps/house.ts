import type { Flat, Installation, Line } from '../../../generated/api-client.ts';
import { all, api } from '../../data/api.ts';
import { byKind, readMeters, type Building, type Meter } from '../../data/building.ts';

export type { Flat, Line };

/** What is stored of a building on the way to its first value. */
export interface House {
  building: Building;
  flats: Flat[];
  lines: Line[];
  meters: Meter[];
  installations: Installation[];
}

export async function readHouse(building: Building): Promise<House> {
  const buildingId = building.id;
  const [flats, lines, meters, installations] = await Promise.all([
    all((cursor) => api.listFlats({ buildingId, limit: 500, ...cursor })),
    all((cursor) => api.listLines({ buildingId, limit: 500, ...cursor })),
    readMeters({ buildingId }),
    all((cursor) => api.listInstallations({ buildingId, running: true, limit: 500, ...cursor })),
  ]);
  const inOrder = flats.toSorted((a, b) => byKind({ ...a, serial: '' }, { ...b, serial: '' }));
  return { building, flats: inOrder, lines: lines.filter(({ transport }) => transport !== 'push'), meters, installations };
}

/** The line of the address, or the one made last. */
export function chosenLine({ lines }: House, lineId: number | null): Line | undefined {
  return lines.find(({ id }) => id === lineId) ?? lines.at(-1);
}

export function sayPlace({ transport, serialPath, host, port }: Line): string {
  return transport === 'rtu' ? (serialPath ?? '') : `${host}:${port}`;
}

/** Which step is shown, and what all of them share. */
export interface StepProps {
  house: House;
  /** Something was stored. */
  onStored(): void;
}
