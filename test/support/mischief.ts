import { setTimeout as wait } from 'node:timers/promises';
import { planReads } from '../../src/domain/read-plan.ts';
import { makeLogger } from '../../src/logger.ts';
import { Line } from '../../src/modbus/line.ts';
import type { ReadResult } from '../../src/modbus/read-meter.ts';
import { honest, startHostileProxy, type Spoken } from './hostile-proxy.ts';
import { startModbusPeer } from './modbus-peer.ts';
import { makeModel, makeRegister } from './registers.ts';
import { isAlike, makeTrickery, type Question } from './tricks.ts';

export interface MischiefOptions {
  spoken: Spoken;
  cases: number;
  seed: number;
  timeoutMs: number;
}

export interface MischiefReport {
  cases: number;
  read: number;
  failed: number;
  /** Values that were told for a question that the proxy knows they did not answer. */
  wrong: string[];
  /** Of those: an older answer of the same unit, function and length came in place of one that never came. */
  untellable: number;
  /** How often that was tried. */
  replaced: number;
  neverSettled: number;
  /** Cases after which one new connection was not enough to be right again, and what was said meanwhile. */
  slowRecoveries: string[];
}

const log = makeLogger('test', 'silent');
const LATER = Number.MAX_SAFE_INTEGER;
const SETTLES_WITHIN_MS = 20_000;

/** Mulberry32: the seed of a failure gives the same run again. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One line through one hostile proxy. What is true is known by the proxy alone, never by what the line checks. */
async function playMischief({ spoken, cases, seed, timeoutMs }: MischiefOptions): Promise<MischiefReport> {
  const random = makeRandom(seed);
  const peer = await startModbusPeer();
  const proxy = await startHostileProxy(peer.port, spoken);
  const line = new Line(
    {
      id: 1,
      name: 'Hostile',
      transport: spoken === 'rtu' ? 'rtu_over_tcp' : 'tcp',
      host: '127.0.0.1',
      port: proxy.port,
      timeoutMs,
      retries: 0,
      pauseMs: 0,
      keepOpen: true,
    },
    { clock: Date.now, log },
  );
  const report: MischiefReport = {
    cases: 0,
    read: 0,
    failed: 0,
    wrong: [],
    untellable: 0,
    replaced: 0,
    neverSettled: 0,
    slowRecoveries: [],
  };
  const { answers, replacements, numbered, ...trickery } = makeTrickery({ spoken, random, timeoutMs });
  let firstOfRound = 0;

  const anyQuestion = (): Question => ({
    unitId: 1 + random(2),
    function: 3 + random(2),
    address: 10 * random(50),
    count: 2 + 2 * random(2),
  });
  async function read(questions: readonly Question[]): Promise<ReadResult[]> {
    firstOfRound = answers.length;
    const reads = questions.map(({ unitId, function: modbusFunction, address, count }) => {
      // One value, so that nothing can be asked for in parts.
      const type = count === 2 ? 'uint32' : 'uint64';
      const register = makeRegister({ quantity: 'any', unit: '', address, function: modbusFunction as 3 | 4, words: count, type });
      const plan = planReads(makeModel([register]), ['any']);
      return line.read({ unitId, plan, ratios: { ct: 1, pt: 1 }, deadlineMs: LATER, priority: 'due' });
    });
    const settled = await Promise.race([Promise.all(reads), wait(SETTLES_WITHIN_MS, null, { ref: false })]);
    if (settled === null) {
      report.neverSettled += 1;
      return [];
    }
    settled.forEach((result, index) => judge(result, questions[index] as Question));
    return settled;
  }
  function judge(result: ReadResult, question: Question): void {
    if (!result.ok) {
      report.failed += 1;
      return;
    }
    report.read += 1;
    const [block] = result.blocks;
    const [high = 0, low = 0] = block?.words ?? [];
    const number = high * 0x1_0000 + low;
    const answer = answers[number];
    const isRight = answer !== undefined && isAlike(answer, question) && answer.address === question.address && number >= firstOfRound;
    if (isRight) return;
    if (spoken === 'rtu' && replacements.has(number)) report.untellable += 1;
    else report.wrong.push(`case ${report.cases}: ${JSON.stringify(question)} was told answer ${number} of ${answers.length}`);
  }

  try {
    while (report.cases < cases) {
      report.cases += 1;
      const questions = Array.from({ length: 1 + random(4) }, anyQuestion);
      const place = random(questions.length);
      const trick = trickery.next();
      const before = Math.max(1, proxy.connections());
      const said: string[] = [];
      // A patient proxy: what the line asks again in this round meets honesty.
      proxy.play(...questions.map((_, index) => numbered(index === place ? trick : honest)), ...Array(8).fill(numbered(honest)));
      for (const result of await read(questions)) said.push(result.ok ? 'read' : result.detail);
      proxy.clear();
      await trickery.settled();
      for (let tries = 0; tries < 5; tries += 1) {
        proxy.play(...Array(8).fill(numbered(honest)));
        const [result] = await read([anyQuestion()]);
        proxy.clear();
        if (result?.ok) break;
        said.push(result?.detail ?? 'nothing');
      }
      if (proxy.connections() - before > 1) report.slowRecoveries.push(`case ${report.cases}: ${said.join(' | ')}`);
    }
  } finally {
    await line.close();
    await proxy.close();
    await peer.close();
  }
  return { ...report, replaced: trickery.replaced() };
}

/** Several lines at once: most of the time of a case is spent waiting. */
export async function playManyMischiefs(options: MischiefOptions, lanes: number): Promise<MischiefReport> {
  const reports = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      playMischief({ ...options, cases: Math.ceil(options.cases / lanes), seed: options.seed + lane }),
    ),
  );
  const sum = (count: (report: MischiefReport) => number) => reports.reduce((total, report) => total + count(report), 0);
  return {
    cases: sum(({ cases }) => cases),
    read: sum(({ read }) => read),
    failed: sum(({ failed }) => failed),
    wrong: reports.flatMap(({ wrong }) => wrong),
    untellable: sum(({ untellable }) => untellable),
    replaced: sum(({ replaced }) => replaced),
    neverSettled: sum(({ neverSettled }) => neverSettled),
    slowRecoveries: reports.flatMap(({ slowRecoveries }) => slowRecoveries),
  };
}
