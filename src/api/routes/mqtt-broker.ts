import { findBrokerPlace } from '../../store/broker-place.ts';
import { route, type Route } from '../contract.ts';
import { z } from '../schema.ts';

const brokerPlace = z
  .object({
    host: z.string().nullable().openapi({ description: 'Null: where Wattbook itself is, for the broker that it brings along' }),
    port: z.number().int(),
    tls: z.boolean(),
  })
  .openapi('BrokerPlace');

export const mqttBrokerRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/mqtt-broker',
    name: 'getMqttBroker',
    summary: 'Where meters publish by MQTT, as the workers found it',
    tags: ['messages'],
    permission: 'message:read',
    response: z.object({ broker: brokerPlace.nullable().openapi({ description: 'Null until a worker has started' }) }),
    handler: async ({ deps }) => ({ broker: await findBrokerPlace(deps.database.prisma) }),
  }),
];
