export const LANGUAGES = ['en', 'de', 'it'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How numbers and times are written. */
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE', it: 'it-IT' };

export function isLanguage(tag: string): tag is Language {
  return (LANGUAGES as readonly string[]).includes(tag);
}

/** A language we have no words in is answered in English. */
export function languageOf(tag: string): Language {
  const [primary = ''] = tag.toLowerCase().split('-');
  return isLanguage(primary) ? primary : 'en';
}
