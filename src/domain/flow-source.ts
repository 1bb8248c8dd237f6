import type { CounterRegister } from './counter-nature.ts';
import { counterOf, FLOWS, MAIN_FLOWS, type Flow, type MainFlow } from './energy-flow.ts';
import type { EnergyQuantity } from './quantity.ts';

/** Where a flow through a meter is read: from a counter, or from the power of a meter that counts nothing. */
export type FlowSource =
  | { flow: Flow; kind: 'counter'; quantity: EnergyQuantity; register: CounterRegister }
  | { flow: MainFlow; kind: 'power'; quantity: 'active_power_total' };

const TOTALS = ['import_active_energy_total', 'export_active_energy_total'];

const OTHER: Record<MainFlow, MainFlow> = { import: 'export', export: 'import' };

/** The direction of power that is a flow of the point. */
export function powerDirection(flow: MainFlow, inverted: boolean): MainFlow {
  return inverted ? OTHER[flow] : flow;
}

export function flowSources(registers: readonly CounterRegister[], inverted: boolean): FlowSource[] {
  const byQuantity = new Map(registers.map((register) => [register.quantity, register]));
  const counted = FLOWS.flatMap((flow): FlowSource[] => {
    const quantity = counterOf(flow, inverted);
    const register = byQuantity.get(quantity);
    return register === undefined ? [] : [{ flow, kind: 'counter', quantity, register }];
  });
  if (TOTALS.some((quantity) => byQuantity.has(quantity)) || !byQuantity.has('active_power_total')) return counted;
  return [...MAIN_FLOWS.map((flow): FlowSource => ({ flow, kind: 'power', quantity: 'active_power_total' })), ...counted];
}
