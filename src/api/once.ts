import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { say } from '../domain/refusal.ts';
import { AppError, Conflict, InvalidInput } from '../errors.ts';
import { toAppError } from '../http/problem.ts';
import { freeOnceKey, keepAnswer, takeOnceKey, type FirstRequest } from '../store/once-keys.ts';
import type { ApiDeps } from './deps.ts';

export const ONCE_HEADER = 'Idempotency-Key';
export const ONCE_HOURS = 24;
/** No request lasts so long: whoever is still under way then was cut off. */
const CUT_OFF_MS = 10 * 60_000;
const KEY = /^[\x21-\x7e]{1,200}$/;

type Asked = Pick<Request, 'method' | 'originalUrl' | 'headers' | 'body' | 'actor'>;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function answerAgain(first: FirstRequest, askedHash: string, nowMs: number, response: Response): unknown {
  if (first.askedHash !== askedHash) throw new AppError('key-used', say('keyOfOtherRequest', ONCE_HEADER), { status: 422 });
  if (first.status === null) {
    throw new Conflict(say(nowMs - first.createdAt.getTime() < CUT_OFF_MS ? 'keyUnderWay' : 'keyCutOff', ONCE_HEADER));
  }
  if (first.answer === null) throw new Conflict(say('keyHadSecret', ONCE_HEADER));
  response.set('Idempotent-Replayed', 'true');
  return JSON.parse(first.answer);
}

/**
 * Makes the answer, or gives the one of the first request with this key. A refusal made nothing and frees the key. What
 * ended because the database went may have been stored: its key stays taken, so that nothing is made twice unseen.
 */
export async function once(
  { database, clock, log }: Pick<ApiDeps, 'database' | 'clock' | 'log'>,
  { request, response, status, secret }: { request: Asked; response: Response; status: number; secret: boolean },
  make: () => Promise<unknown>,
): Promise<unknown> {
  const text = request.headers['idempotency-key'];
  if (text === undefined || request.actor === null) return make();
  if (typeof text !== 'string' || !KEY.test(text)) throw new InvalidInput({ [ONCE_HEADER]: say('keyUnreadable') });
  const key = { userId: request.actor.userId, keyHash: sha256(text) };
  const askedHash = sha256(JSON.stringify([request.method, request.originalUrl, request.body ?? null]));
  const now = new Date(clock());
  const validFrom = new Date(now.getTime() - ONCE_HOURS * 3_600_000);
  const first = await takeOnceKey(database, key, { askedHash, now, validFrom });
  if (first !== null) return answerAgain(first, askedHash, now.getTime(), response);
  let answer: unknown;
  try {
    answer = await make();
  } catch (err) {
    if (toAppError(err).status !== 503) await freeOnceKey(database, key);
    throw err;
  }
  // It is made: whoever waits for it is told, and only a repetition is not.
  await keepAnswer(database, key, { status, answer: secret ? null : JSON.stringify(answer ?? null) }).catch((err: unknown) => {
    log.warn({ err, userId: key.userId }, 'an answer could not be kept for its idempotency key');
  });
  return answer;
}
