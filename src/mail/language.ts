export type Language = 'en' | 'de';

/** A language we have no words in is answered in English. */
export function languageOf(tag: string): Language {
  return tag.toLowerCase().split('-')[0] === 'de' ? 'de' : 'en';
}
