import { hash, verify } from '@node-rs/argon2';
import { say, type Refusal } from '../domain/refusal.ts';
import { AppError } from '../errors.ts';

export interface PasswordCost {
  memoryKib: number;
  passes: number;
}

export interface PasswordHashing {
  hash(password: string): Promise<string>;
  /** Takes the same time without a hash: nobody learns which accounts exist. */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
}

const COST: PasswordCost = { memoryKib: 19_456, passes: 2 };
const ARGON2ID = 2;
// Each takes memory and a thread; a crowd would starve everything else.
const AT_ONCE = 2;
const MAX_WAITING = 100;
const MIN_LENGTH = 12;
const MAX_LENGTH = 200;

function makeTurnstile(atOnce: number, maxWaiting: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (waiting.length >= maxWaiting) {
        throw new AppError('unavailable', say('tooManyLogIns'), { status: 503, retryable: true });
      }
      // The turn is handed over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** argon2id. Only tests give a cheaper cost. */
export function makePasswordHashing(cost: PasswordCost = COST): PasswordHashing {
  const inTurn = makeTurnstile(AT_ONCE, MAX_WAITING);
  const options = { algorithm: ARGON2ID, memoryCost: cost.memoryKib, timeCost: cost.passes, parallelism: 1 };
  let nobodysHash: Promise<string> | null = null;
  return {
    hash: (password) => inTurn(() => hash(password, options)),
    async verify(passwordHash, password) {
      nobodysHash ??= hash('the password of nobody', options);
      const known = passwordHash ?? (await nobodysHash);
      const fits = await inTurn(() => verify(known, password));
      return fits && passwordHash !== null;
    },
  };
}

/** What is wrong with a new password, in words; null when it will do. */
export function passwordProblem(password: string, email: string): Refusal | null {
  if (password.length < MIN_LENGTH) return say('fieldTooShort', MIN_LENGTH);
  if (password.length > MAX_LENGTH) return say('fieldTooLong', MAX_LENGTH);
  if (password.toLowerCase() === email.toLowerCase()) return say('isEmail');
  if (new Set(password).size < 4) return say('fewCharacters');
  return null;
}
