import { LOCALES, type Language } from '../domain/language.ts';

/** A moment as the people of the building say it: in its zone, with the zone's name. */
export function sayMoment(ms: number, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(ms);
}

const UNITS = {
  en: { day: ['day', 'days'], hour: ['hour', 'hours'], minute: ['minute', 'minutes'], less: 'less than a minute' },
  de: { day: ['Tag', 'Tage'], hour: ['Stunde', 'Stunden'], minute: ['Minute', 'Minuten'], less: 'weniger als eine Minute' },
  it: { day: ['giorno', 'giorni'], hour: ['ora', 'ore'], minute: ['minuto', 'minuti'], less: 'meno di un minuto' },
} as const;

/** A length of time in its two largest units. */
export function sayDuration(ms: number, language: Language): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return UNITS[language].less;
  const parts = [
    ['day', Math.floor(minutes / 1_440)],
    ['hour', Math.floor(minutes / 60) % 24],
    ['minute', minutes % 60],
  ] as const;
  return parts
    .filter(([, count]) => count > 0)
    .slice(0, 2)
    .map(([unit, count]) => `${count} ${UNITS[language][unit][count === 1 ? 0 : 1]}`)
    .join(' ');
}
