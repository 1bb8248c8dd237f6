import { pushedTuple, readTuple } from '../domain/measurement-tuple.ts';
import { type Pusher, type PushedMessage } from '../domain/pushed-message.ts';
import { InvalidInput } from '../errors.ts';
import { makeTakeMessages, type TakeDeps } from './take-messages.ts';

const AT_ONCE = 1_000;

export interface Ingested {
  /** New ones, also of devices that nobody knows yet: they wait. */
  accepted: number;
  duplicate: number;
  /** By its place in what was sent; what was read is kept in quarantine. */
  rejected: { index: number; reason: string }[];
}

/** Values of sensors, one or many: each by itself, so that a bad one holds up none of the others. */
export async function ingestTuples(deps: TakeDeps, pusher: Pusher, body: unknown): Promise<Ingested> {
  const values: unknown[] = Array.isArray(body) ? body : [body];
  if (values.length > AT_ONCE) throw new InvalidInput({ body: `takes at most ${AT_ONCE} values: send the rest by another call` });
  const rejected: Ingested['rejected'] = [];
  const read: { index: number; message: PushedMessage }[] = [];
  const receivedMs = deps.clock();
  for (const [index, value] of values.entries()) {
    const result = readTuple(value);
    if (!result.ok) rejected.push({ index, reason: result.detail });
    else if (pusher.kind === 'device' && result.tuple.device !== pusher.reach) {
      rejected.push({ index, reason: `device_id must be ${pusher.reach}: this token is of that device` });
    } else read.push({ index, message: pushedTuple(result.tuple, { receivedMs, sourceId: pusher.id }) });
  }
  if (read.length === 0) {
    const [first] = rejected;
    throw new InvalidInput(first === undefined ? { body: 'has no values' } : { [`${first.index}`]: first.reason });
  }
  const taken = await makeTakeMessages(deps)(read.map(({ message }) => message));
  let [accepted, duplicate] = [0, 0];
  for (const [place, { index }] of read.entries()) {
    const verdict = taken[place];
    if (verdict === undefined || verdict.state === 'duplicate') duplicate += 1;
    else if (verdict.state === 'refused') rejected.push({ index, reason: `${verdict.reason}: ${verdict.detail}` });
    else accepted += 1;
  }
  return { accepted, duplicate, rejected: rejected.toSorted((a, b) => a.index - b.index) };
}
