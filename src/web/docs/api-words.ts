import type { Language } from '../../domain/language.ts';
import { en } from '../words/en/api-docs.ts';

export type ApiWords = typeof en;

const OTHERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<ApiWords>>> = {
  de: async () => (await import('../words/de/api-docs.ts')).de,
  it: async () => (await import('../words/it/api-docs.ts')).it,
};

/** The texts of this page alone, so that no other page loads them. */
export let apiWords: ApiWords = en;

export async function speakOfApi(language: Language): Promise<void> {
  apiWords = language === 'en' ? en : await OTHERS[language]();
  document.title = `${apiWords.title} · Wattbook`;
}
