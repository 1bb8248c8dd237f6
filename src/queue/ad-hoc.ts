import { QueueEvents } from 'bullmq';
import { say } from '../domain/refusal.ts';
import { AppError } from '../errors.ts';
import {
  pollerQueue,
  type ReadNowPayload,
  type ReadNowReply,
  type SerialPortsPayload,
  type SerialPortsReply,
  type TestConnectionPayload,
  type TestConnectionReply,
} from './contract.ts';
import type { TryModelPayload, WriteRegistersPayload, WriteReply } from './line-contract.ts';
import { carryTrace, type Queues } from './queues.ts';
import { redisOptions } from './redis.ts';

/** The jobs that somebody waits for: what each carries, and what it answers. */
interface AdHocJobs {
  'read-now': { payload: ReadNowPayload; reply: ReadNowReply };
  'test-connection': { payload: TestConnectionPayload; reply: TestConnectionReply };
  'list-serial-ports': { payload: SerialPortsPayload; reply: SerialPortsReply };
  'try-model': { payload: TryModelPayload; reply: ReadNowReply };
  'write-registers': { payload: WriteRegistersPayload; reply: WriteReply };
}

/** Everything else that touches a line is a job to its poller, with a reply. */
export interface AdHoc {
  ask<Name extends keyof AdHocJobs>(poller: string, name: Name, payload: AdHocJobs[Name]['payload']): Promise<AdHocJobs[Name]['reply']>;
  close(): Promise<void>;
}

const GRACE_MS = 2_000;

export function openAdHoc(queues: Queues, redisUrl: string, clock: () => number, onError: (err: Error) => void): AdHoc {
  const listeners = new Map<string, QueueEvents>();
  const listen = async (poller: string): Promise<QueueEvents> => {
    let events = listeners.get(poller);
    if (!events) {
      events = new QueueEvents(pollerQueue(poller), { connection: { ...redisOptions(redisUrl), maxRetriesPerRequest: null } });
      events.on('error', onError);
      listeners.set(poller, events);
    }
    await events.waitUntilReady();
    return events;
  };
  return {
    async ask<Name extends keyof AdHocJobs>(
      poller: string,
      name: Name,
      payload: AdHocJobs[Name]['payload'],
    ): Promise<AdHocJobs[Name]['reply']> {
      const events = await listen(poller);
      const job = await queues
        .poller(poller)
        .add(name, payload, { ...carryTrace(), attempts: 1, removeOnComplete: { count: 50 }, removeOnFail: { count: 50 } });
      try {
        return (await job.waitUntilFinished(events, Math.max(0, payload.deadlineMs - clock()) + GRACE_MS)) as AdHocJobs[Name]['reply'];
      } catch (cause) {
        throw new AppError('poller-away', say('pollerAway', poller), {
          status: 504,
          retryable: true,
          cause,
        });
      }
    },
    async close() {
      await Promise.all([...listeners.values()].map((events) => events.close()));
    },
  };
}
