/** A sentence that can be said in the languages of the pages; as text it is English. */
export interface Sayable {
  in(language: string): string;
  toString(): string;
}

export type Sentence = string | Sayable;

export function sayIn(sentence: Sentence, language: string): string {
  return typeof sentence === 'string' ? sentence : sentence.in(language);
}

/** An error that people and programs can act on: what happened, how HTTP says it, whether trying again can help. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  /** Which field is wrong and why, for bad input. */
  readonly fields: Record<string, string>;
  readonly sentence: Sentence;
  readonly fieldSentences: Readonly<Record<string, Sentence>>;

  constructor(
    code: string,
    sentence: Sentence,
    options: { status?: number; retryable?: boolean; fields?: Readonly<Record<string, Sentence>>; cause?: unknown } = {},
  ) {
    super(sayIn(sentence, 'en'), { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.status = options.status ?? 500;
    this.retryable = options.retryable ?? false;
    this.sentence = sentence;
    this.fieldSentences = options.fields ?? {};
    this.fields = fieldsIn(this.fieldSentences, 'en');
  }
}

export function fieldsIn(fields: Readonly<Record<string, Sentence>>, language: string): Record<string, string> {
  // Its keys come from outside: `__proto__` is a key like any other here.
  return Object.fromEntries(Object.entries(fields).map(([field, problem]) => [field, sayIn(problem, language)]));
}

export class InvalidInput extends AppError {
  constructor(fields: Readonly<Record<string, Sentence>>, options: { cause?: unknown } = {}) {
    const sentence = Object.entries(fields)
      .map(([field, problem]) => `${field}: ${sayIn(problem, 'en')}`)
      .join('; ');
    super('invalid-input', sentence, { status: 400, fields, ...options });
  }
}

/** Not there, or not for this person to know about. */
export class NotFound extends AppError {
  constructor(what = 'This') {
    super('not-found', `${what} does not exist.`, { status: 404 });
  }
}

export class Forbidden extends AppError {
  constructor(sentence: Sentence = 'You may not do this.') {
    super('forbidden', sentence, { status: 403 });
  }
}

export class Unauthorised extends AppError {
  constructor(sentence: Sentence = 'Log in first, or send a token.', code: 'unauthorised' | 'code-needed' | 'code-wrong' = 'unauthorised') {
    super(code, sentence, { status: 401 });
  }
}

export class Conflict extends AppError {
  constructor(sentence: Sentence, options: { fields?: Readonly<Record<string, Sentence>>; cause?: unknown } = {}) {
    super('conflict', sentence, { status: 409, ...options });
  }
}
