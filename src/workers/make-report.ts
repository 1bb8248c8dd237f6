import type { MakeReportPayload } from '../queue/contract.ts';
import { makeReport } from '../use-cases/make-report.ts';
import type { MakeReportDeps } from '../use-cases/report-content.ts';

export function makeMakeReport(deps: MakeReportDeps) {
  return ({ reportId }: MakeReportPayload): Promise<string> => makeReport(deps, reportId);
}
