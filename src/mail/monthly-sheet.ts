import { z } from 'zod';
import { layOut, type RenderedMail } from './layout.ts';
import { LOCALES, type Language } from '../domain/language.ts';

export const monthlySheetData = z.object({
  reportId: z.number().int().positive(),
  building: z.string(),
  month: z.string().regex(/^\d{4}-\d{2}$/),
  flats: z.number().int().nullable(),
  consumptionWh: z.number().int().nullable(),
  ownWh: z.number().int().nullable(),
  /** Flats of which a part of the month is unknown. */
  incomplete: z.array(z.string()),
  /** Points that are not settled, and until when they are; empty: all are. */
  unsettled: z.string(),
});
export type MonthlySheetData = z.output<typeof monthlySheetData>;

const SHOWN = 10;

const WORDS = {
  en: {
    subject: (building: string, month: string) => `${building}: monthly sheet of ${month}`,
    lead: (building: string, month: string) => `The monthly sheet of ${building} for ${month} is attached.`,
    names: {
      month: 'Month',
      flats: 'Flats',
      used: 'Consumption',
      own: 'Of it from own production',
      incomplete: 'Partly unknown',
      unsettled: 'Not settled',
    },
    good: 'It covers the whole calendar month on the clocks of the building, its last day included. A copy lies under Reports.',
    bad: 'The energy named above was not known when this sheet was made. When it is, send the sheet once more from Reports, or take a new one there.',
    link: 'Open the reports',
    footer: (building: string) =>
      `You receive this mail because your address is entered for ${building}. Wattbook, the electricity ledger of your building.`,
  },
  de: {
    subject: (building: string, month: string) => `${building}: Abrechnung ${month}`,
    lead: (building: string, month: string) => `Im Anhang ist die Abrechnung von ${building} für ${month}.`,
    names: {
      month: 'Monat',
      flats: 'Wohnungen',
      used: 'Verbrauch',
      own: 'Davon aus eigener Erzeugung',
      incomplete: 'Teilweise unbekannt',
      unsettled: 'Nicht abgerechnet',
    },
    good: 'Sie umfasst den ganzen Kalendermonat nach der Uhr des Gebäudes, den letzten Tag eingeschlossen. Eine Kopie liegt unter Reports.',
    bad: 'Die oben genannte Energie war nicht bekannt, als diese Abrechnung entstand. Sobald sie es ist, lässt sich unter Reports eine neue abrufen.',
    link: 'Reports öffnen',
    footer: (building: string) =>
      `Sie erhalten diese Nachricht, weil Ihre Adresse für ${building} eingetragen ist. Wattbook, das Stromhauptbuch Ihres Gebäudes.`,
  },
  it: {
    subject: (building: string, month: string) => `${building}: prospetto mensile di ${month}`,
    lead: (building: string, month: string) => `In allegato il prospetto mensile di ${building} per ${month}.`,
    names: {
      month: 'Mese',
      flats: 'Alloggi',
      used: 'Consumo',
      own: 'Di cui da produzione propria',
      incomplete: 'In parte ignoto',
      unsettled: 'Non ancora calcolato',
    },
    good: 'Comprende l’intero mese di calendario secondo l’ora dell’edificio, ultimo giorno compreso. Una copia si trova sotto Reports.',
    bad: 'L’energia indicata sopra non era nota quando il prospetto è stato creato. Quando lo sarà, da Reports se ne può ottenere uno nuovo.',
    link: 'Apri Reports',
    footer: (building: string) =>
      `Ricevi questo messaggio perché il tuo indirizzo è registrato per ${building}. Wattbook, il libro mastro dell’elettricità del tuo edificio.`,
  },
};

function listed(names: readonly string[]): string {
  return names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} … (${names.length})` : names.join(', ');
}

export function monthlySheet(data: MonthlySheetData, language: Language, appUrl: string): RenderedMail {
  const words = WORDS[language];
  const month = new Intl.DateTimeFormat(LOCALES[language], { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${data.month}-15T00:00:00Z`),
  );
  const kwh = new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const energy = (name: string, wh: number | null) => (wh === null ? [] : [[name, `${kwh.format(wh / 1_000)} kWh`] as const]);
  const isWhole = data.incomplete.length === 0 && data.unsettled === '';
  return layOut({
    language,
    tone: isWhole ? 'good' : 'bad',
    subject: words.subject(data.building, month),
    lead: words.lead(data.building, month),
    facts: [
      [words.names.month, month],
      ...(data.flats === null ? [] : [[words.names.flats, String(data.flats)] as const]),
      ...energy(words.names.used, data.consumptionWh),
      ...energy(words.names.own, data.ownWh),
      ...(data.incomplete.length === 0 ? [] : [[words.names.incomplete, listed(data.incomplete)] as const]),
      ...(data.unsettled === '' ? [] : [[words.names.unsettled, data.unsettled] as const]),
    ],
    advice: isWhole ? words.good : words.bad,
    link: { label: words.link, url: `${appUrl.replace(/\/$/, '')}/admin/resources/reports` },
    footer: words.footer(data.building),
  });
}
