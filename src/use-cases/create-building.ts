import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { SENTENCES } from '../domain/refusal.ts';
import { isZone } from '../domain/time-bucket.ts';
import { recordActivity } from '../store/activities.ts';
import { insertBuilding, type Building } from '../store/buildings.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, type Deps } from './access.ts';
import { nameField, parseInput, textField, wholeField } from './input.ts';
import { languageField } from './user-fields.ts';

const MAIL_ADDRESS = /^[^\s@,;<>]+@[^\s@,;<>]+$/;

const recipients = textField(1000)
  .transform((text) => text.split(/[\s,;]+/).filter((part) => part !== ''))
  .refine((parts) => parts.every((part) => MAIL_ADDRESS.test(part)), SENTENCES.en.notMailAddresses)
  .transform((parts) => parts.join(', '))
  .meta({ type: 'string', description: 'Mail addresses separated by commas' });

export const buildingFields = {
  name: nameField(120),
  address: textField(250).optional(),
  zone: textField(64).refine(isZone, SENTENCES.en.notAZone).optional(),
  billingStartDay: wholeField(1, 28).optional(),
  language: languageField.optional(),
  recipients: recipients.optional(),
  /** The part of the grid that it belongs to. */
  gridZone: textField(80).optional(),
};

export const createBuildingInput = z.strictObject(buildingFields);

export async function createBuilding(deps: Deps, actor: Actor, input: z.input<typeof createBuildingInput>): Promise<Building> {
  const data = parseInput(createBuildingInput, input);
  demand(actor, 'building:change');
  return transact(deps.database.prisma, async (tx) => {
    const building = await insertBuilding(tx, data);
    await recordActivity(tx, actor, { action: 'create-building', subject: `building-${building.id}`, detail: building.name });
    return building;
  });
}
