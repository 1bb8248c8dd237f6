import type { RunImportPayload } from '../queue/contract.ts';
import { runImport, type RunImportDeps } from '../use-cases/run-import.ts';

export function makeRunImport(deps: RunImportDeps) {
  return ({ importId }: RunImportPayload): Promise<string> => runImport(deps, importId);
}
