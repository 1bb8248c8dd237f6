import { Webhook } from 'standardwebhooks';
import { inTransaction } from '../../src/store/transaction.ts';
import { tellIncidents } from '../../src/store/webhook-events.ts';
import { openReceiver, type Received, type Receiver } from './receiver.ts';
import { eventually } from './running.ts';
import { addSmallBuilding, type SmallBuilding } from './small-building.ts';
import type { TestAgent, TestApp } from './test-app.ts';

export interface MadeWebhook {
  id: number;
  secret: string;
}

export interface Sent {
  id: number;
  uid: string;
  state: string;
  attempts: number;
  statusCode: number | null;
  reason: string;
  events: number;
}

export interface ToldHouse {
  house: SmallBuilding;
  receiver: Receiver;
  makeWebhook(events: string[], path?: string): Promise<MadeWebhook>;
  deliveriesOf(webhook: Pick<MadeWebhook, 'id'>): Promise<Sent[]>;
  /** The newest delivery, once it is as it should be. */
  lastOf(webhook: Pick<MadeWebhook, 'id'>, isRight: (sent: Sent) => boolean): Promise<Sent>;
  /** Opened in one transaction. */
  addIncidents(count: number): Promise<number[]>;
}

let houses = 0;

/** A building with a meter, and a receiver that it may tell what happens. */
export async function openToldHouse({ database }: TestApp, agent: TestAgent): Promise<ToldHouse> {
  houses += 1;
  const fromAt = new Date('2026-03-01');
  const house = await addSmallBuilding(database, { name: `Told house ${houses}`, port: 1_000 + houses, meters: 1, fromAt });
  const receiver = await openReceiver();
  const { buildingId } = house;
  const deliveriesOf: ToldHouse['deliveriesOf'] = async ({ id }) =>
    ((await agent.get(`/api/v1/webhooks/${id}/deliveries`).expect(200)).body as { items: Sent[] }).items;
  return {
    house,
    receiver,
    deliveriesOf,
    async makeWebhook(events, path = '/told') {
      const body = { buildingId, url: `${receiver.url}${path}`, events };
      return (await agent.post('/api/v1/webhooks').send(body).expect(201)).body as MadeWebhook;
    },
    async lastOf(webhook, isRight) {
      const [last] = await eventually(
        () => deliveriesOf(webhook),
        ([sent]) => sent !== undefined && isRight(sent),
      );
      return last!;
    },
    addIncidents: (count) =>
      inTransaction(database.pool, async (connection) => {
        const ids: number[] = [];
        for (let i = 0; i < count; i += 1) {
          const { insertId } = await connection.query(
            `INSERT INTO incidents (building_id, kind, subject, title, opened_at) VALUES (?, 'meter-silent', ?, ?, '2026-03-01 10:00:00')`,
            [buildingId, `meter-${buildingId}-${i}`, `Flat ${i}: silent`],
          );
          ids.push(Number(insertId));
        }
        await tellIncidents(connection, 'incident.opened', ids);
        return ids;
      }),
  };
}

/** As somebody else wrote it. */
export function verify({ secret }: Pick<MadeWebhook, 'secret'>, { body, headers }: Received): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}
