import { isLanguage, languageOf, type Language } from '../../domain/language.ts';

const KEPT = 'language';
const PICKED = 'language-picked';

function kept(): Language | null {
  try {
    const tag = localStorage.getItem(KEPT) ?? '';
    return isLanguage(tag) ? tag : null;
  } catch {
    // A browser may forbid to keep anything.
    return null;
  }
}

/** What was chosen here before, else the first language of the browser that we have words in. */
export function preferredLanguage(): Language {
  return kept() ?? languageOf(navigator.languages.find((tag) => isLanguage(tag.toLowerCase().slice(0, 2))) ?? 'en');
}

/** The page is loaded again: every text of it was made in the other language. */
export function switchLanguage(chosen: Language): void {
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    return;
  }
  location.reload();
}

/** Picked before it is known who picks: the account takes it over at the log-in. */
export function pickLanguage(chosen: Language): void {
  try {
    sessionStorage.setItem(PICKED, chosen);
  } catch {
    return;
  }
  switchLanguage(chosen);
}

/** What was picked in this tab before the log-in; asked for once. */
export function takePickedLanguage(): Language | null {
  try {
    const tag = sessionStorage.getItem(PICKED) ?? '';
    sessionStorage.removeItem(PICKED);
    return isLanguage(tag) ? tag : null;
  } catch {
    return null;
  }
}
