import type { FlatKind } from './building-flow.ts';

/** A meter at a point of a building that an import makes. */
export interface NewInstallation {
  /** What its meter is called by in the file. */
  key: number;
  serial: string;
  modelKey: string;
  /** The name of its line; the line has no address before somebody gives it one. */
  line: string;
  description?: string;
  /** The prefix of its topics in another system. */
  topic?: string;
  unitId: number;
  /** Null: with the first value that is read. */
  fromMs: number | null;
  /** Null while it hangs there. */
  toMs: number | null;
}

export interface NewFlat {
  name: string;
  kind: FlatKind;
  points: { name: string; installations: NewInstallation[] }[];
}

/** A building as an import makes it. */
export interface NewHouse {
  name: string;
  zone: string;
  flats: readonly NewFlat[];
}
