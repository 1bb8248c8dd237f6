import type { RegisterSpec } from './meter-model.ts';

/** Registers of a table that knows nothing of vendor and model. */
export interface ImportedModel {
  registers: RegisterSpec[];
  /** Says at its place in the file what is wrong with a register. */
  report(index: number, field: keyof RegisterSpec, problem: string): void;
}
