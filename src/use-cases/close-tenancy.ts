import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import type { TenancyRow } from '../store/tenancies.ts';
import type { Deps } from './access.ts';
import { changeTenancy } from './change-tenancy.ts';
import { idField, momentField, parseInput } from './input.ts';

export const closeInput = z.strictObject({ at: momentField.optional() });
const whole = closeInput.extend({ id: idField });

/** The party moves out at a moment, now by default. */
export async function closeTenancy(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<TenancyRow> {
  const { id, at } = parseInput(whole, input);
  return changeTenancy(deps, actor, { id, toAt: at ?? new Date(deps.clock()) });
}
