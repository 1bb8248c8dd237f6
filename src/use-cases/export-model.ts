import { formatMeterModel } from '../domain/meter-model-csv.ts';
import { canSomewhere, type Actor } from '../domain/permission.ts';
import { writeModelWorkbook } from '../sheets/write-workbook.ts';
import { findModel, toModel } from '../store/meter-models.ts';
import { seen, type Deps } from './access.ts';

/** A model as a file that can be imported again. */
export async function exportModel(
  deps: Deps,
  actor: Actor,
  { id, format }: { id: number; format: 'csv' | 'xlsx' },
): Promise<{ name: string; content: string | Buffer }> {
  // A model belongs to no building: whoever may read models at all may read each.
  const row = canSomewhere(actor, 'model:read') ? await findModel(deps.database.prisma, id) : null;
  const model = toModel(seen(row, 'This model'));
  const content = format === 'csv' ? formatMeterModel(model) : await writeModelWorkbook(model);
  return { name: `${model.key}.${format}`, content };
}
