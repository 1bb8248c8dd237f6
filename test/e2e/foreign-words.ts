import { LANGUAGES, LOCALES, type Language } from '../../src/domain/language.ts';
import { de } from '../../src/web/words/de/index.ts';
import { en } from '../../src/web/words/en/index.ts';
import { it } from '../../src/web/words/it/index.ts';

const wordsIn = (text: string): string[] => text.match(/\p{L}{3,}/gu) ?? [];

/** All that a list of words can say; of what takes a value also the names in its code, which are the same in all languages. */
function textsIn(list: unknown): string[] {
  if (typeof list === 'object' && list !== null) return Object.values(list).flatMap(textsIn);
  return [String(list)];
}

/** The names of months and days, short and long. */
function calendarOf(language: Language): string[] {
  return (['short', 'long'] as const).flatMap((form) => {
    const format = new Intl.DateTimeFormat(LOCALES[language], { timeZone: 'UTC', weekday: form, month: form });
    return Array.from({ length: 365 }, (_, day) => format.format(Date.UTC(2026, 0, 1 + day)));
  });
}

/** A zone has one name in all languages, such as America/Swift_Current. */
const ZONES = Intl.supportedValuesOf('timeZone').flatMap((zone) => wordsIn(zone.replaceAll('_', ' ')));

const LISTS = { en, de, it };
const saidIn = (language: Language): ReadonlySet<string> => new Set(textsIn(LISTS[language]).flatMap(wordsIn));
const SAID: Readonly<Record<Language, ReadonlySet<string>>> = { en: saidIn('en'), de: saidIn('de'), it: saidIn('it') };

/** Words of a page that are at home in another language only; what people wrote themselves may be in any. */
export function foreignWords(page: string, language: Language, written: readonly string[]): string[] {
  const own = written.toSorted((a, b) => b.length - a.length).reduce((text, wrote) => text.replaceAll(wrote, ' '), page);
  const known = new Set([...SAID[language], ...ZONES, ...calendarOf(language).flatMap(wordsIn)]);
  const others = LANGUAGES.filter((other) => other !== language);
  const isForeign = (word: string) => !known.has(word) && others.some((other) => SAID[other].has(word));
  return [...new Set(wordsIn(own).filter(isForeign))];
}
