import { z } from 'zod';
import { layOut, type RenderedMail } from './layout.ts';
import type { Language } from '../domain/language.ts';
import { sayDuration, sayMoment } from './moment.ts';

export const meterAnswersData = z.object({
  serial: z.string(),
  flat: z.string(),
  building: z.string(),
  line: z.string(),
  zone: z.string(),
  sinceMs: z.number().int(),
  untilMs: z.number().int(),
  /** Reading times without a reading, where they were counted. */
  missingSlots: z.number().int().nonnegative().optional(),
});
export type MeterAnswersData = z.output<typeof meterAnswersData>;

const WORDS = {
  en: {
    subject: (flat: string, building: string) => `${flat} in ${building}: the meter answers again`,
    lead: (flat: string, building: string) => `The electricity meter of ${flat} in ${building} answers again.`,
    names: { meter: 'Meter', from: 'Silent from', until: 'Until', duration: 'That is', missing: 'Missing readings', line: 'Line' },
    advice:
      'There is nothing you need to do. The counter kept running, so no energy is lost; only its course during the silence is unknown.',
    link: 'See the building',
    footer: (building: string) =>
      `You receive this mail because your address is entered for ${building}. Wattbook, the electricity ledger of your building.`,
  },
  de: {
    subject: (flat: string, building: string) => `${flat} in ${building}: Zähler antwortet wieder`,
    lead: (flat: string, building: string) => `Der Stromzähler von ${flat} in ${building} antwortet wieder.`,
    names: { meter: 'Zähler', from: 'Stumm von', until: 'Bis', duration: 'Das sind', missing: 'Fehlende Ablesungen', line: 'Leitung' },
    advice:
      'Sie müssen nichts tun. Das Zählwerk ist weitergelaufen, es fehlt also keine Energie; nur ihr Verlauf während der Stille ist unbekannt.',
    link: 'Gebäude ansehen',
    footer: (building: string) =>
      `Sie erhalten diese Nachricht, weil Ihre Adresse für ${building} eingetragen ist. Wattbook, das Stromhauptbuch Ihres Gebäudes.`,
  },
  it: {
    subject: (flat: string, building: string) => `${flat} in ${building}: il contatore risponde di nuovo`,
    lead: (flat: string, building: string) => `Il contatore elettrico di ${flat} in ${building} risponde di nuovo.`,
    names: { meter: 'Contatore', from: 'Muto dal', until: 'Fino al', duration: 'Cioè', missing: 'Letture mancanti', line: 'Linea' },
    advice:
      'Non c’è nulla da fare. Il totalizzatore ha continuato a contare, quindi non manca energia; è ignoto solo il suo andamento durante il silenzio.',
    link: 'Vedi l’edificio',
    footer: (building: string) =>
      `Ricevi questo messaggio perché il tuo indirizzo è registrato per ${building}. Wattbook, il libro mastro dell’elettricità del tuo edificio.`,
  },
};

export function meterAnswers(data: MeterAnswersData, language: Language, appUrl: string): RenderedMail {
  const words = WORDS[language];
  return layOut({
    language,
    tone: 'good',
    subject: words.subject(data.flat, data.building),
    lead: words.lead(data.flat, data.building),
    facts: [
      [words.names.meter, data.serial],
      [words.names.from, sayMoment(data.sinceMs, data.zone, language)],
      [words.names.until, sayMoment(data.untilMs, data.zone, language)],
      [words.names.duration, sayDuration(data.untilMs - data.sinceMs, language)],
      ...(data.missingSlots === undefined ? [] : [[words.names.missing, String(data.missingSlots)] as const]),
      [words.names.line, data.line],
    ],
    advice: words.advice,
    link: { label: words.link, url: appUrl },
    footer: words.footer(data.building),
  });
}
