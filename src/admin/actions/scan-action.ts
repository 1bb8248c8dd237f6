import { canSomewhere } from '../../domain/permission.ts';
import { InvalidInput } from '../../errors.ts';
import { cancelScan, findLastScan, findScan, startScan } from '../../use-cases/scan-line.ts';
import { tryModel } from '../../use-cases/try-model.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ActionResult, ActionSpec } from './action-spec.ts';

/** A number of a form: what is none, or empty, is for the use case to name. */
export function numberIn(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? Number.NaN : Number(text);
}

/** The page asks it again and again: only what a person did is told in a notice. */
export function scanAction(deps: OfficeDeps): ActionSpec {
  const models = async () =>
    (
      await deps.database.prisma.meterModel.findMany({
        select: { id: true, key: true, vendor: true, name: true },
        orderBy: [{ vendor: 'asc' }, { name: 'asc' }],
      })
    ).map(({ vendor, name, ...row }) => ({ ...row, name: `${vendor} ${name}` }));

  return {
    name: 'scan',
    label: 'Scan',
    icon: 'Search',
    component: 'ScanLine',
    permission: 'meter:control',
    input: ['step', 'from', 'to', 'scanId', 'unitId', 'modelKey'],
    async run(actor, lineId, { step, from, to, scanId = '', unitId, modelKey = '' }): Promise<ActionResult> {
      switch (step) {
        case 'latest':
          return {
            message: '',
            data: { scan: await findLastScan(deps, actor, { lineId }), models: canSomewhere(actor, 'model:read') ? await models() : [] },
          };
        case 'start':
          return { message: '', data: { scan: await startScan(deps, actor, { lineId, from: numberIn(from), to: numberIn(to) }) } };
        case 'follow':
          return { message: '', data: { scan: await findScan(deps, actor, { lineId, scanId }) } };
        case 'cancel':
          await cancelScan(deps, actor, { lineId, scanId });
          return { message: '', data: { scan: await findScan(deps, actor, { lineId, scanId }) } };
        case 'try':
          return { message: '', data: { read: await tryModel(deps, actor, { lineId, unitId: numberIn(unitId), modelKey }) } };
        default:
          throw new InvalidInput({ step: 'must be latest, start, follow, cancel or try' });
      }
    },
  };
}
