import { reach, type Actor } from '../../domain/permission.ts';
import { Conflict, InvalidInput } from '../../errors.ts';
import { installationsWithin } from '../../store/reach.ts';
import { closeMeter } from '../../use-cases/close-meter.ts';
import type { Behaviour } from '../../domain/virtual-behaviour.ts';
import { exchangeMeter } from '../../use-cases/exchange-meter.ts';
import { forgetHoles } from '../../use-cases/forget-holes.ts';
import { readMeterNow } from '../../use-cases/read-meter-now.ts';
import { setVirtualBehaviour } from '../../use-cases/set-virtual-behaviour.ts';
import { testConnection } from '../../use-cases/test-connection.ts';
import { parseMoment } from '../adapter/parse-payload.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { Row } from '../row.ts';
import type { ActionSpec } from './action-spec.ts';
import { NO_HOLES, SENDS } from '../resources/words.ts';
import { correctAtMeter } from './correction-actions.ts';
import { byteOrderAction } from './byte-order-action.ts';
import { tested } from './line-actions.ts';
import { setAddressAction, writeRegisterAction } from './write-actions.ts';

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  normal: { kind: 'normal' },
  silent: { kind: 'silent' },
  latency: { kind: 'latency', ms: 3_000 },
  // 4: server device failure.
  exception: { kind: 'exception', code: 4 },
  garbage: { kind: 'garbage' },
};

const isOpen = (row: Row): boolean => row['state'] !== 'closed';
const isAsked = (row: Row): boolean => isOpen(row) && row['way'] !== SENDS;

const COUNTERS = ['finalImport', 'finalExport', 'firstImport', 'firstExport'] as const;

/** kWh as they stand on a display, with a comma or a point. */
function countersOf(input: Record<string, string>): Partial<Record<`${(typeof COUNTERS)[number]}Wh`, number>> {
  return Object.fromEntries(
    COUNTERS.flatMap((name) => {
      const text = (input[`${name}Kwh`] ?? '').trim();
      if (text === '') return [];
      if (!/^\d{1,12}([.,]\d{1,3})?$/.test(text)) {
        throw new InvalidInput({ [`${name}Kwh`]: 'A counter is a number of kWh with at most three decimals, such as 12345.6.' });
      }
      return [[`${name}Wh`, Math.round(Number(text.replace(',', '.')) * 1_000)]];
    }),
  );
}

export function meterActions(deps: OfficeDeps): ActionSpec[] {
  async function placeOf(actor: Actor, meterId: number): Promise<{ lineId: number; unitId: number; modelId: number }> {
    const running = await deps.database.prisma.installation.findFirst({
      where: { AND: [{ meterId, running: true }, installationsWithin(reach(actor, 'meter:read'))] },
      select: { lineId: true, unitId: true, meter: { select: { modelId: true } } },
    });
    if (!running) throw new Conflict('This meter hangs nowhere: install it first.');
    return { lineId: running.lineId, unitId: running.unitId, modelId: running.meter.modelId };
  }

  return [
    {
      name: 'readNow',
      label: 'Read now',
      icon: 'RefreshCw',
      component: 'ReadNow',
      permission: 'meter:control',
      input: [],
      isFor: isAsked,
      async run(actor, meterId) {
        const reply = await readMeterNow(deps, actor, { meterId });
        return {
          message: reply.ok ? `It answered in ${Math.round(reply.latencyMs)} ms.` : 'It did not answer.',
          bad: !reply.ok,
          data: reply,
        };
      },
    },
    {
      name: 'testConnection',
      label: 'Test connection',
      icon: 'Zap',
      component: 'TestConnection',
      permission: 'meter:control',
      input: [],
      isFor: isAsked,
      run: async (actor, meterId) => tested(await testConnection(deps, actor, await placeOf(actor, meterId))),
    },
    byteOrderAction(deps, isAsked),
    writeRegisterAction(deps, isAsked),
    setAddressAction(deps, placeOf, isAsked),
    {
      name: 'pullPlug',
      label: 'Pull the plug',
      icon: 'Power',
      component: 'PullPlug',
      permission: 'meter:control',
      input: ['behaviour'],
      isFor: (row) => isOpen(row) && row['demo'] !== 'No',
      async run(actor, meterId, { behaviour = '' }) {
        const wanted = Object.hasOwn(BEHAVIOURS, behaviour) ? BEHAVIOURS[behaviour] : undefined;
        if (!wanted) throw new InvalidInput({ behaviour: `must be one of ${Object.keys(BEHAVIOURS).join(', ')}` });
        const { serial } = await setVirtualBehaviour(deps, actor, { meterId, behaviour: wanted });
        return { message: behaviour === 'normal' ? `${serial} answers again.` : `${serial} does so from its next reading on.` };
      },
    },
    {
      name: 'forgetHoles',
      label: 'Forget holes',
      icon: 'RotateCcw',
      component: 'Confirm',
      permission: 'meter:change',
      input: [],
      isFor: (row) => row['holes'] !== NO_HOLES,
      async run(actor, meterId) {
        const { forgotten } = await forgetHoles(deps, actor, { meterId });
        return {
          message:
            forgotten === 0 ? 'There was nothing to forget.' : 'All registers of its model are asked again from the next reading on.',
        };
      },
    },
    correctAtMeter(deps),
    {
      name: 'exchangeMeter',
      label: 'Exchange meter',
      icon: 'Repeat',
      component: 'ExchangeMeter',
      permission: 'meter:change',
      input: ['at', 'serial', 'finalImportKwh', 'finalExportKwh', 'firstImportKwh', 'firstExportKwh', 'unitId', 'confirm'],
      isFor: isOpen,
      afterwards: 'show',
      async run(actor, id, { at, serial = '', unitId, confirm, ...counters }) {
        if (confirm !== 'true') throw new InvalidInput({ confirm: 'Confirm that the new meter hangs in its place.' });
        const moment = at ? parseMoment(at) : null;
        if (moment && 'problem' in moment) throw new InvalidInput({ at: moment.problem });
        const { id: newId } = await exchangeMeter(deps, actor, {
          id,
          serial,
          ...(at ? { at } : {}),
          ...(unitId ? { unitId: Number(unitId) } : {}),
          ...countersOf(counters),
        });
        return { message: `Exchanged: the new meter is number ${newId}. The energy of the point goes on without a gap.` };
      },
    },
    {
      name: 'closeMeter',
      label: 'Close meter',
      icon: 'Archive',
      component: 'CloseMeter',
      permission: 'meter:change',
      input: ['at', 'confirm'],
      isFor: isOpen,
      afterwards: 'show',
      async run(actor, id, { at, confirm }) {
        if (confirm !== 'true') throw new InvalidInput({ confirm: 'Confirm that the meter is taken down.' });
        const moment = at ? parseMoment(at) : null;
        if (moment && 'problem' in moment) throw new InvalidInput({ at: moment.problem });
        await closeMeter(deps, actor, at ? { id, at } : { id });
        return { message: 'The meter is closed. Its readings stay.' };
      },
    },
  ];
}
