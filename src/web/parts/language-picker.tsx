import { LANGUAGES, type Language } from '../../domain/language.ts';
import { language, words } from '../words.ts';

/** In its own language, for whoever does not read the present one. */
const NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch', it: 'Italiano' };

export function LanguagePicker({ onPick }: { onPick(language: Language): void }) {
  return (
    <fieldset class="languages">
      <legend class="hidden">{words.nav.language}</legend>
      {LANGUAGES.map((tag) => (
        <button key={tag} type="button" lang={tag} aria-pressed={tag === language} onClick={() => onPick(tag)}>
          {NAMES[tag]}
        </button>
      ))}
    </fieldset>
  );
}
