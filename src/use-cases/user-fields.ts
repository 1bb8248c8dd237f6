import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { LANGUAGES } from '../domain/language.ts';
import { SENTENCES } from '../domain/refusal.ts';
import { InvalidInput } from '../errors.ts';
import { passwordProblem } from '../http/password.ts';
import { idField, nameField, textField } from './input.ts';

const emailField = textField(254)
  .toLowerCase()
  .regex(/^[^\s@,;<>]+@[^\s@,;<>]+$/, SENTENCES.en.notAMailAddress);

export const passwordField = z.string('must be a text').max(200, 'takes at most 200 characters');

export const languageField = z.enum(LANGUAGES, `must be one of ${LANGUAGES.join(', ')}`);

/** A role in one building, or everywhere when `buildingId` is null. */
export const membershipsField = z
  .array(z.strictObject({ roleId: idField, buildingId: idField.nullable() }), 'must be a list of roleId and buildingId')
  .max(500, 'takes at most 500 entries')
  .refine(
    (list) => new Set(list.map((one) => `${one.roleId} ${one.buildingId}`)).size === list.length,
    'names the same role and building twice',
  );

export const userFields = { email: emailField, name: nameField(120), language: languageField.optional() };

export function demandGoodPassword(field: string, password: string, email: string): void {
  const problem = passwordProblem(password, email);
  if (problem) throw new InvalidInput({ [field]: problem });
}

// No letter or digit that is taken for another one when it is read aloud.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

export function randomText(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** 80 bits, in groups that a person can type. */
export function randomPassword(): string {
  return Array.from({ length: 4 }, () => randomText(4)).join('-');
}
