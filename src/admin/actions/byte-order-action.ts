import { reach, type Actor } from '../../domain/permission.ts';
import { InvalidInput } from '../../errors.ts';
import { findMeter } from '../../store/meters.ts';
import { seen } from '../../use-cases/access.ts';
import { applyByteOrder } from '../../use-cases/apply-byte-order.ts';
import { findMeterByteOrder } from '../../use-cases/find-byte-order.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { Row } from '../row.ts';
import type { ActionSpec } from './action-spec.ts';

function parsed(field: string, text: string | undefined): unknown {
  try {
    return text === undefined || text === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput({ [field]: 'must be JSON' }, { cause });
  }
}

/** The detective: what the raw words of a meter could mean, and taking one of it over. */
export function byteOrderAction(deps: OfficeDeps, isFor: (row: Row) => boolean): ActionSpec {
  async function look(actor: Actor, meterId: number, earlier: string | undefined) {
    const found = await findMeterByteOrder(deps, actor, { meterId, earlier: parsed('earlier', earlier) as never });
    if (!found.ok) return { message: 'It did not answer.', bad: true, data: found };
    const ranked = found.verdict.ranked.map(({ registers: _, ...decoding }) => decoding);
    return { message: '', data: { ...found, verdict: { ...found.verdict, ranked } } };
  }

  return {
    name: 'byteOrder',
    label: 'Values look wrong?',
    icon: 'HelpCircle',
    component: 'ByteOrder',
    permission: 'meter:control',
    input: ['step', 'earlier', 'changes', 'scales', 'confirm'],
    isFor,
    async run(actor, meterId, { step, earlier, changes, scales, confirm }) {
      if (step !== 'apply') return look(actor, meterId, earlier);
      if (confirm !== 'true') throw new InvalidInput({ confirm: 'Confirm that all meters of the model are read so from now on.' });
      const { modelId } = seen(await findMeter(deps.database.prisma, reach(actor, 'meter:read'), meterId), 'This meter');
      const wanted = { modelId, changes: parsed('changes', changes) as never, scales: parsed('scales', scales) as never };
      const { registers } = await applyByteOrder(deps, actor, wanted);
      return { message: `${registers} registers of the model are read so from the next slot on.`, data: { ok: true, applied: registers } };
    },
  };
}
