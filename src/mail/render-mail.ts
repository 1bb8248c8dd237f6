import { AppError } from '../errors.ts';
import { languageOf } from '../domain/language.ts';
import type { RenderedMail } from './layout.ts';
import { contact, contactData, type ContactData } from './contact.ts';
import { meterAnswers, meterAnswersData, type MeterAnswersData } from './meter-answers.ts';
import { monthlySheet, monthlySheetData, type MonthlySheetData } from './monthly-sheet.ts';
import { passwordLink, passwordLinkData, type PasswordLinkData } from './password-link.ts';
import { meterSilent, meterSilentData, type MeterSilentData } from './meter-silent.ts';

/** What each template is told: the `data` of its outbox row. */
export interface MailData {
  'meter-silent': MeterSilentData;
  'meter-answers': MeterAnswersData;
  'monthly-sheet': MonthlySheetData;
  contact: ContactData;
  'password-reset': PasswordLinkData;
  invitation: PasswordLinkData;
}
export type MailTemplate = keyof MailData;

const TEMPLATES: readonly string[] = [
  'meter-silent',
  'meter-answers',
  'monthly-sheet',
  'contact',
  'password-reset',
  'invitation',
] satisfies MailTemplate[];

function isMailTemplate(name: string): name is MailTemplate {
  return TEMPLATES.includes(name);
}

/** An outbox row as a mail. A row that fits no template can never be sent: trying again does not help. */
export function renderMail(template: string, language: string, data: unknown, appUrl: string): RenderedMail {
  if (!isMailTemplate(template)) throw new AppError('unknown-mail', `There is no mail template ${template}.`);
  const words = languageOf(language);
  try {
    switch (template) {
      case 'meter-silent':
        return meterSilent(meterSilentData.parse(data), words, appUrl);
      case 'meter-answers':
        return meterAnswers(meterAnswersData.parse(data), words, appUrl);
      case 'monthly-sheet':
        return monthlySheet(monthlySheetData.parse(data), words, appUrl);
      case 'contact':
        return contact(contactData.parse(data), words, appUrl);
      case 'password-reset':
        return passwordLink('reset', passwordLinkData.parse(data), words, appUrl);
      case 'invitation':
        return passwordLink('invitation', passwordLinkData.parse(data), words, appUrl);
    }
  } catch (cause) {
    throw new AppError('bad-mail-data', `The data does not fit the mail template ${template}.`, { cause });
  }
}
