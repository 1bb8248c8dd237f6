import { DAY_MS } from './calendar.ts';
import type { AnsweringModel } from './answer-plan.ts';
import type { Behaviour } from '../domain/virtual-behaviour.ts';
import type { Ledger } from './ledger.ts';
import { echoAnswer, exceptionAnswer, garbageAnswer, startAnswer, VALUES_AT, type Request } from './modbus-answer.ts';
import { seedOf } from './noise.ts';
import { MeterPhysics, type Moment } from './physics.ts';
import { MeterSettings } from './settings.ts';
import type { VirtualMeter } from './virtual-meters.ts';

export interface Running {
  serial: string;
  model: AnsweringModel;
  physics: MeterPhysics;
  settings: MeterSettings;
  behaviour: Behaviour;
  garbageTurn: number;
  momentMs: number;
  moment: Moment | null;
}

const GATEWAY_TARGET_DOES_NOT_ANSWER = 0x0b;

export function run(meter: VirtualMeter, model: AnsweringModel, nowMs: number): Running {
  const base = meter.base ?? { atMs: nowMs - (nowMs % DAY_MS), importWh: 0, exportWh: 0, importVarh: 0, peakW: 0 };
  return {
    serial: meter.serial,
    model,
    settings: new MeterSettings(meter.model, { unitId: meter.unitId, serialNumber: seedOf(meter.serial) }),
    physics: new MeterPhysics(meter.profile, base, { phases: model.phases, seed: meter.serial }),
    behaviour: meter.behaviour ?? { kind: 'normal' },
    garbageTurn: 0,
    momentMs: -1,
    moment: null,
  };
}

/** Takes a whole answer to whoever asked. */
export type Send = (frame: Buffer) => void;

export interface Told {
  clock: () => number;
  ledger?: Ledger | undefined;
}

export function answer(send: Send, request: Request, meter: Running | undefined, told: Told): void {
  if (!meter) {
    send(exceptionAnswer(request, GATEWAY_TARGET_DOES_NOT_ANSWER));
    return;
  }
  const { behaviour } = meter;
  switch (behaviour.kind) {
    case 'normal':
      answerTruly(send, request, meter, told);
      return;
    case 'latency':
      setTimeout(() => answerTruly(send, request, meter, told), behaviour.ms).unref();
      return;
    case 'silent':
      return;
    case 'exception':
      answerException(send, request, meter, behaviour.code, told);
      return;
    case 'garbage':
      record(told, request, meter, 'garbage', []);
      send(garbageAnswer(request, (meter.garbageTurn += 1)));
      return;
  }
}

function answerTruly(send: Send, request: Request, meter: Running, told: Told): void {
  if (request.words.length > 0) {
    answerWrite(send, request, meter, told);
    return;
  }
  const plan = meter.model.plan(request.function, request.address, request.count);
  if ('exception' in plan) {
    answerException(send, request, meter, plan.exception, told);
    return;
  }
  const frame = startAnswer(request, plan.bytes);
  plan.fill(frame, VALUES_AT, momentOf(meter, told.clock()));
  if (request.function === 3) meter.settings.showIn(frame, VALUES_AT, request);
  if (told.ledger) record(told, request, meter, 'values', valuesOf(frame, request));
  send(frame);
}

function answerWrite(send: Send, request: Request, meter: Running, told: Told): void {
  const refusal = meter.settings.write(request, told.clock());
  if (refusal === null) send(echoAnswer(request));
  else answerException(send, request, meter, refusal, told);
}

/** Blocks that are asked for in the same millisecond show the same moment. */
function momentOf(meter: Running, nowMs: number): Moment {
  if (meter.momentMs !== nowMs || !meter.moment) {
    meter.moment = meter.physics.at(nowMs);
    meter.momentMs = nowMs;
  }
  return meter.moment;
}

function answerException(send: Send, request: Request, meter: Running, code: number, told: Told): void {
  record(told, request, meter, 'exception', []);
  send(exceptionAnswer(request, code));
}

function record(told: Told, request: Request, meter: Running, outcome: 'values' | 'exception' | 'garbage', words: number[]): void {
  const { unitId, address } = request;
  told.ledger?.add({ atMs: told.clock(), serial: meter.serial, unitId, function: request.function, address, words, outcome });
}

/** Registers as words, coils and inputs as bits. */
function valuesOf(frame: Buffer, request: Request): number[] {
  const values: number[] = [];
  if (request.function < 3) {
    for (let bit = 0; bit < request.count; bit += 1) values.push((frame[VALUES_AT + (bit >> 3)]! >> (bit & 7)) & 1);
  } else {
    for (let at = VALUES_AT; at < frame.length; at += 2) values.push(frame.readUInt16BE(at));
  }
  return values;
}
