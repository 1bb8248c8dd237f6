import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { honest, withCrc, type Passing, type Spoken, type Trick } from './hostile-proxy.ts';

const DELAYS = [1, 2, 3, 64, 256];

export interface Question {
  unitId: number;
  function: number;
  address: number;
  count: number;
}

/** An answer as the proxy made it: its first two words are a number that no other answer has. */
export interface Answer extends Question {
  reply: Buffer;
  client: Passing['client'];
  dueAt: number;
}

export type NumberedTrick = (passing: Passing, answer: Answer) => void;

export function isAlike(a: Question, b: Question): boolean {
  return a.unitId === b.unitId && a.function === b.function && a.count === b.count;
}

export interface Trickery {
  /** All that went through, in its order; the place of one is its number. */
  answers: readonly Answer[];
  /** Old ones that came in place of one of the same unit, function and length. */
  replacements: ReadonlySet<number>;
  replaced(): number;
  /** Numbers the answer; the trick meets the numbered one. */
  numbered(trick: NumberedTrick): Trick;
  /** What was held and is due comes first. */
  next(): NumberedTrick;
  /** All that the tricks so far do has been done. */
  settled(): Promise<void>;
}

/** Everything that a network, a gateway and a bus can do to an answer. */
export function makeTrickery({
  spoken,
  random,
  timeoutMs,
}: {
  spoken: Spoken;
  random: (below: number) => number;
  timeoutMs: number;
}): Trickery {
  const bodyAt = spoken === 'rtu' ? 0 : 6;
  const answers: Answer[] = [];
  const held: Answer[] = [];
  const replacements = new Set<number>();
  const delayed: Promise<void>[] = [];
  let replaced = 0;

  const sealed = (frame: Buffer): Buffer => (spoken === 'rtu' ? withCrc(frame.subarray(0, -2)) : frame);
  const framed = (body: Buffer, like: Buffer): Buffer => {
    if (spoken === 'rtu') return withCrc(body);
    const head = Buffer.from(like.subarray(0, 6));
    head.writeUInt16BE(body.length, 4);
    return Buffer.concat([head, body]);
  };
  const garbage = () => Buffer.from(Array.from({ length: 1 + random(300) }, () => random(256)));

  const numbered =
    (trick: NumberedTrick): Trick =>
    ({ request, reply, client }) => {
      const question = {
        unitId: request[bodyAt] ?? 0,
        function: request[bodyAt + 1] ?? 0,
        address: request.readUInt16BE(bodyAt + 2),
        count: request.readUInt16BE(bodyAt + 4),
      };
      const marked = Buffer.from(reply);
      marked.writeUInt32BE(answers.length, bodyAt + 3);
      const answer = { ...question, reply: sealed(marked), client, dueAt: Infinity };
      answers.push(answer);
      trick({ request, reply: answer.reply, client }, answer);
    };

  const later = (withinMs: number, write: () => void) => void delayed.push(wait(random(withinMs)).then(write));
  const hold = (_: Passing, answer: Answer) => {
    held.push({ ...answer, dueAt: answers.length + (DELAYS[random(DELAYS.length)] ?? 1) });
  };
  const changed = (at: number, change: (byte: number) => number) => (passing: Passing) => {
    const reply = Buffer.from(passing.reply);
    reply[at] = change(reply[at] ?? 0) & 0xff;
    passing.client.write(reply);
  };
  /** What was held comes at last: over the connection it belongs to or the one there is now; before, after or instead of the answer. */
  const release = (passing: Passing, answer: Answer) => {
    const due = held.filter(({ dueAt }) => dueAt <= answers.length);
    for (const old of due) held.splice(held.indexOf(old), 1);
    const place = random(3);
    if (place === 1) honest(passing);
    for (const old of due) (random(3) === 0 ? old : passing).client.write(old.reply);
    if (place === 0) honest(passing);
    if (place !== 2) return;
    replaced += 1;
    for (const old of due) if (isAlike(old, answer)) replacements.add(old.reply.readUInt32BE(bodyAt + 3));
  };
  const tricks: NumberedTrick[] = [
    honest,
    hold,
    hold,
    hold,
    ({ reply, client }) => void client.write(Buffer.concat([reply, reply])),
    (passing) => {
      honest(passing);
      later(2 * timeoutMs, () => honest(passing));
    },
    (passing) => later(3 * timeoutMs, () => honest(passing)),
    // Torn into single bytes.
    ({ reply, client }) =>
      void (async () => {
        for (const byte of reply) {
          client.write(Buffer.from([byte]));
          await nextTurn();
        }
      })(),
    ({ reply, client }) => {
      const cut = random(reply.length);
      client.write(reply.subarray(0, cut));
      void nextTurn().then(() => client.write(reply.subarray(cut)));
    },
    // Wrong unit, function, byte count, each with a right checksum.
    ...[0, 1, 2].map((at) => (passing: Passing) => {
      const reply = Buffer.from(passing.reply);
      reply[bodyAt + at] = (reply[bodyAt + at] ?? 0) ^ (1 + random(255));
      passing.client.write(sealed(reply));
    }),
    // A value too few, as a whole frame.
    ({ reply, client }) => {
      const body = Buffer.from(reply.subarray(bodyAt, spoken === 'rtu' ? -4 : -2));
      body[2] = (body[2] ?? 0) - 2;
      client.write(framed(body, reply));
    },
    ...(spoken === 'rtu'
      ? [
          // Any byte at all: the checksum must tell.
          (passing: Passing) => changed(random(passing.reply.length), (byte) => byte ^ (1 + random(255)))(passing),
          (passing: Passing) => changed(passing.reply.length - 1 - random(2), (byte) => byte ^ (1 + random(255)))(passing),
        ]
      : [
          // Id, protocol, length; the values TCP itself must hold.
          (passing: Passing) => changed(random(6), (byte) => byte ^ (1 + random(255)))(passing),
          ({ reply, client }: Passing) => {
            const long = Buffer.from(reply);
            long.writeUInt16BE(0xffff, 4);
            client.write(long);
          },
        ]),
    ({ reply, client }, { unitId, function: modbusFunction }) =>
      void client.write(framed(Buffer.from([unitId, modbusFunction | 0x80, 1 + random(11)]), reply)),
    ({ reply, client }) => void client.write(reply.subarray(0, random(reply.length))),
    ({ reply, client }) => void client.write(Buffer.concat([reply, garbage()])),
    ({ client }) => void client.write(garbage()),
    ({ reply, client }) => void client.end(reply.subarray(0, random(reply.length))),
    ({ reply, client }) => {
      client.write(reply.subarray(0, random(reply.length)));
      client.resetAndDestroy();
    },
  ];
  const isDue = () => held.some(({ dueAt }) => dueAt <= answers.length);
  return {
    answers,
    replacements,
    replaced: () => replaced,
    numbered,
    next: () => (isDue() ? release : (tricks[random(tricks.length)] ?? honest)),
    settled: async () => void (await Promise.all(delayed.splice(0))),
  };
}
