import type { Db } from './prisma-transaction.ts';
import { readSetting, writeSetting } from './settings.ts';

/** Where meters publish by MQTT. */
export interface BrokerPlace {
  /** Null: where Wattbook itself is. */
  host: string | null;
  port: number;
  tls: boolean;
}

const KEY = 'mqttBroker';

/** The newest that a worker told; null: none has yet. */
export async function findBrokerPlace(db: Db): Promise<BrokerPlace | null> {
  const text = await readSetting(db, KEY);
  return text === null ? null : (JSON.parse(text) as BrokerPlace);
}

export async function keepBrokerPlace(db: Db, place: BrokerPlace): Promise<void> {
  await writeSetting(db, KEY, JSON.stringify(place));
}
