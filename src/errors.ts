/** An error that people and programs can act on: what happened, how HTTP says it, whether trying again can help. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  /** Which field is wrong and why, for bad input. */
  readonly fields: Record<string, string>;

  constructor(
    code: string,
    message: string,
    options: { status?: number; retryable?: boolean; fields?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.status = options.status ?? 500;
    this.retryable = options.retryable ?? false;
    this.fields = options.fields ?? {};
  }
}

export class InvalidInput extends AppError {
  constructor(fields: Record<string, string>, options: { cause?: unknown } = {}) {
    const sentence = Object.entries(fields)
      .map(([field, problem]) => `${field}: ${problem}`)
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
  constructor(message = 'You may not do this.') {
    super('forbidden', message, { status: 403 });
  }
}

export class Unauthorised extends AppError {
  constructor(message = 'Log in first, or send a token.', code: 'unauthorised' | 'code-needed' | 'code-wrong' = 'unauthorised') {
    super(code, message, { status: 401 });
  }
}

export class Conflict extends AppError {
  constructor(message: string, options: { fields?: Record<string, string>; cause?: unknown } = {}) {
    super('conflict', message, { status: 409, ...options });
  }
}
