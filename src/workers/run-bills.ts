import type { RunBillsPayload } from '../queue/contract.ts';
import { runBills, type RunBillsDeps } from '../use-cases/run-bills.ts';

export function makeRunBills(deps: RunBillsDeps) {
  return ({ runId }: RunBillsPayload): Promise<string> => runBills(deps, runId);
}
