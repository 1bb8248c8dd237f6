import { say } from '../../domain/refusal.ts';
import { Forbidden } from '../../errors.ts';
import { listContactBuildings, messageInput, writeToBuilding } from '../../use-cases/write-to-building.ts';
import { route, type Route } from '../contract.ts';
import { id, idParam, z } from '../schema.ts';

const contact = z
  .object({ buildingId: id, building: z.string(), reachable: z.boolean().openapi({ description: 'Whether anybody receives mails of it' }) })
  .openapi('Contact');

const tags: [string] = ['contact'];

export const contactRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/contacts',
    name: 'listContacts',
    summary: 'The buildings whose people one may write to',
    tags,
    permission: 'signed-in',
    response: z.object({ items: z.array(contact) }),
    handler: async ({ deps, actor }) => ({
      items: (await listContactBuildings(deps, actor)).map(({ id: buildingId, name, recipients }) => ({
        ...{ buildingId, building: name },
        reachable: recipients.trim() !== '',
      })),
    }),
  }),
  route({
    method: 'post',
    path: '/contacts/:buildingId/messages',
    name: 'writeToBuilding',
    summary: 'Write a mail to the people of a building; their answer goes to the own address',
    tags,
    permission: 'signed-in',
    params: z.object({ buildingId: idParam }),
    body: messageInput,
    status: 202,
    refuses: [429],
    handler: ({ deps, actor, params: { buildingId }, body, request }) => {
      if (request.actorVia === 'token') throw new Forbidden(say('tokenWritesNothing'));
      return writeToBuilding(deps, actor, { buildingId, ...body });
    },
  }),
];
