import { languageOf, type Language } from './language.ts';
import { de, fields as deFields } from './refusal-de.ts';
import { en, type Sentences } from './refusal-en.ts';
import { fields as itFields, it } from './refusal-it.ts';

export type RefusalName = keyof Sentences;
type Values<Name extends RefusalName> = Sentences[Name] extends (...values: infer Given) => string ? Given : [];

export const SENTENCES: Readonly<Record<Language, Sentences>> = { en, de, it };
const FIELDS: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en: {}, de: deFields, it: itFields };

/** Why something is refused, to be said in the language of whoever asked. */
export class Refusal {
  readonly #say: (sentences: Sentences) => string;
  readonly #english: string | undefined;

  constructor(say: (sentences: Sentences) => string, english?: string) {
    this.#say = say;
    this.#english = english;
  }

  in(tag: string): string {
    const language = languageOf(tag);
    return (language === 'en' ? this.#english : undefined) ?? this.#say(SENTENCES[language]);
  }

  toString(): string {
    return this.in('en');
  }
}

function sayer<Name extends RefusalName>(name: Name, values: Values<Name>): (sentences: Sentences) => string {
  return (sentences) => {
    const sentence: string | ((...given: never[]) => string) = sentences[name];
    return typeof sentence === 'string' ? sentence : (sentence as (...given: Values<Name>) => string)(...values);
  };
}

export function say<Name extends RefusalName>(name: Name, ...values: Values<Name>): Refusal {
  return new Refusal(sayer(name, values));
}

const NAMES = new Map(Object.entries(en).map(([name, sentence]) => [sentence, name as RefusalName]));

/** A sentence without values that a schema says in English, such as `.regex(HOST, SENTENCES.en.notAHost)`; null if it is none of these. */
export function namedBy(english: string): Refusal | null {
  const name = NAMES.get(english);
  return name === undefined ? null : new Refusal(sayer(name, [] as never), english);
}

/** The same where the English sentence is the schema's own. */
export function sayFor<Name extends RefusalName>(english: string, name: Name, ...values: Values<Name>): Refusal {
  return new Refusal(sayer(name, values), english);
}

/** Several in one. */
export function sayAll(sentences: readonly Refusal[]): Pick<Refusal, 'in' | 'toString'> {
  const said = (tag: string) => `${sentences.map((sentence) => sentence.in(tag)).join('; ')}.`;
  return { in: said, toString: () => said('en') };
}

/** What the pages call a field that they send. */
export function fieldIn(field: string, tag: string): string {
  return FIELDS[languageOf(tag)][field] ?? field;
}
