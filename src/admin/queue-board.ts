import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';
import express, { Router, type NextFunction, type Request, type Response } from 'express';
import type { Redis } from 'ioredis';
import { canSomewhere } from '../domain/permission.ts';
import { Forbidden, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import type { Database } from '../store/database.ts';
import { doorKeeper } from './door.ts';
import { fitPages } from './office-page.ts';
import { queueBar } from './queue-bar.ts';

export interface QueueBoardDeps {
  database: Database;
  redis: Redis;
  queues: readonly Queue[];
}

const BASE_PATH = '/admin/queues';
const SWITCH_KEY = 'wattbook:queue-board-changes';
const SWITCHED_FOR_S = 15 * 60;

function makeBoard(queues: readonly Queue[], readOnlyMode: boolean): Router {
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(BASE_PATH);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Wattbook queues', locale: { lng: 'en' } } },
  });
  return serverAdapter.getRouter() as Router;
}

/** Bull Board for those who may read queues. It changes nothing until somebody switches it, for a quarter of an hour. */
export function makeQueueBoard(deps: QueueBoardDeps): Router {
  const readOnly = makeBoard(deps.queues, true);
  const changing = makeBoard(deps.queues, false);
  const router = Router();
  router.use(
    doorKeeper('queue:read'),
    fitPages((_req, res) => queueBar(res.locals.queueBar, res.locals.nonce)),
  );

  router.post('/switch', express.json({ limit: '1kb' }), async (req: Request, res: Response) => {
    const { changes } = (req.body ?? {}) as { changes?: unknown };
    if (typeof changes !== 'boolean') throw new InvalidInput({ changes: 'must be true or false' });
    if (!req.actor || !canSomewhere(req.actor, 'queue:change')) throw new Forbidden('You may only look at the queues.');
    const action = changes ? 'allow-queue-changes' : 'end-queue-changes';
    await recordActivity(deps.database.prisma, req.actor, { action, subject: 'queues' });
    if (changes) await deps.redis.set(SWITCH_KEY, String(req.actor.userId), 'EX', SWITCHED_FOR_S);
    else await deps.redis.del(SWITCH_KEY);
    res.json({ changes });
  });

  router.use(async (req: Request, res: Response, next: NextFunction) => {
    const switched = (await deps.redis.exists(SWITCH_KEY)) === 1;
    const mayChange = req.actor !== null && canSomewhere(req.actor, 'queue:change');
    if (req.method !== 'GET' && !(switched && mayChange)) throw new Forbidden('The queues are read-only.');
    if (req.method !== 'GET')
      await recordActivity(deps.database.prisma, req.actor, {
        action: 'change-queue',
        subject: 'queues',
        detail: `${req.method} ${req.path}`,
      });
    res.locals.queueBar = { changes: switched && mayChange, mayChange };
    (switched && mayChange ? changing : readOnly)(req, res, next);
  });
  return router;
}

declare global {
  namespace Express {
    interface Locals {
      queueBar: { changes: boolean; mayChange: boolean };
    }
  }
}
