import { z } from 'zod';
import { layOut, type RenderedMail } from './layout.ts';
import type { Language } from '../domain/language.ts';
import { sayMoment } from './moment.ts';
import { isGapReason, sayReason } from './silence-reason.ts';

export const meterSilentData = z.object({
  serial: z.string(),
  flat: z.string(),
  building: z.string(),
  line: z.string(),
  zone: z.string(),
  reason: z.string().refine(isGapReason),
  detail: z.string(),
  sinceMs: z.number().int(),
});
export type MeterSilentData = z.output<typeof meterSilentData>;

const WORDS = {
  en: {
    subject: (flat: string, building: string) => `${flat} in ${building}: the meter does not answer`,
    lead: (flat: string, building: string) => `The electricity meter of ${flat} in ${building} does not answer.`,
    names: { meter: 'Meter', since: 'Since', reason: 'Reason', detail: 'In detail', line: 'Line' },
    advice:
      'Wattbook keeps asking at every reading time and will write once more when the meter answers again. Nothing else is sent until then.',
    link: 'See the building',
    footer: (building: string) =>
      `You receive this mail because your address is entered for ${building}. Wattbook, the electricity ledger of your building.`,
  },
  de: {
    subject: (flat: string, building: string) => `${flat} in ${building}: Zähler antwortet nicht`,
    lead: (flat: string, building: string) => `Der Stromzähler von ${flat} in ${building} antwortet nicht.`,
    names: { meter: 'Zähler', since: 'Seit', reason: 'Grund', detail: 'Im Einzelnen', line: 'Leitung' },
    advice:
      'Wattbook fragt weiter zu jeder Ablesezeit und schreibt noch einmal, sobald der Zähler wieder antwortet. Bis dahin kommt keine weitere Nachricht.',
    link: 'Gebäude ansehen',
    footer: (building: string) =>
      `Sie erhalten diese Nachricht, weil Ihre Adresse für ${building} eingetragen ist. Wattbook, das Stromhauptbuch Ihres Gebäudes.`,
  },
  it: {
    subject: (flat: string, building: string) => `${flat} in ${building}: il contatore non risponde`,
    lead: (flat: string, building: string) => `Il contatore elettrico di ${flat} in ${building} non risponde.`,
    names: { meter: 'Contatore', since: 'Dal', reason: 'Motivo', detail: 'In dettaglio', line: 'Linea' },
    advice:
      'Wattbook continua a interrogarlo a ogni lettura e scriverà ancora una volta quando il contatore risponderà. Fino ad allora non arriva altro.',
    link: 'Vedi l’edificio',
    footer: (building: string) =>
      `Ricevi questo messaggio perché il tuo indirizzo è registrato per ${building}. Wattbook, il libro mastro dell’elettricità del tuo edificio.`,
  },
};

export function meterSilent(data: MeterSilentData, language: Language, appUrl: string): RenderedMail {
  const words = WORDS[language];
  return layOut({
    language,
    tone: 'bad',
    subject: words.subject(data.flat, data.building),
    lead: words.lead(data.flat, data.building),
    facts: [
      [words.names.meter, data.serial],
      [words.names.since, sayMoment(data.sinceMs, data.zone, language)],
      [words.names.reason, sayReason(data.reason, language)],
      ...(data.detail === '' ? [] : [[words.names.detail, data.detail] as const]),
      [words.names.line, data.line],
    ],
    advice: words.advice,
    link: { label: words.link, url: appUrl },
    footer: words.footer(data.building),
  });
}
