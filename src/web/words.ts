import { LOCALES, type Language } from '../domain/language.ts';
import { en } from './words/en/index.ts';

export type Words = typeof en;

const OTHERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Words>>> = {
  de: async () => (await import('./words/de/index.ts')).de,
  it: async () => (await import('./words/it/index.ts')).it,
};

/** Every text of the app, and how numbers and times are written: set before the app is loaded, and never again. */
export let words: Words = en;
export let language: Language = 'en';
export let locale = LOCALES.en;

export async function speak(chosen: Language): Promise<void> {
  words = chosen === 'en' ? en : await OTHERS[chosen]();
  language = chosen;
  locale = LOCALES[chosen];
  document.documentElement.lang = chosen;
}
