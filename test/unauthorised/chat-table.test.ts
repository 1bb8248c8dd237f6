import { Code } from '@connectrpc/connect';
import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openGrpcDoor, type GrpcDoor } from '../../src/chat/grpc-door.ts';
import { ChatService } from '../../src/generated/chat.ts';
import { makeActors } from '../../src/store/actors.ts';
import { chatClient, firstOf, giveToken } from '../support/chat-house.ts';
import { logInAs, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, ROLES, type RoleOfTable, type TwoBuildings } from '../support/two-buildings.ts';

let running: TestApp;
let world: TwoBuildings;
let grpc: GrpcDoor;
let made = 0;

beforeAll(async () => {
  running = await openTestApp();
  world = await makeTwoBuildings(running);
  grpc = await openGrpcDoor(running.chatService, { actors: makeActors(running.database), host: '127.0.0.1', port: 0, insists: true });
});
afterAll(async () => {
  await grpc.close();
  await running.close();
});
beforeEach(() => running.redis.flushdb());

const grpcUrl = () => `http://127.0.0.1:${grpc.port}`;
const newId = () => `message-${(made += 1)}`;

async function clientOf(role: Exclude<RoleOfTable, 'stranger'>) {
  const { id } = world.people[role];
  await running.database.prisma.apiToken.deleteMany({ where: { userId: id } });
  return chatClient('grpc', grpcUrl(), await giveToken(running, id));
}

function post(agent: TestAgent, method: string, body: object) {
  return agent.post(`/rpc/${ChatService.typeName}/${method}`).send(body);
}

describe('who may do what in the conversation of flat A', () => {
  // Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
  const OF_THE_CONVERSATION = [401, 200, 404, 403, 403, 200, 404, 200];
  const conversationId = () => world.a.tenancyId;
  const ROWS: Record<string, { statuses: number[]; body: () => object }> = {
    ListConversations: { statuses: [401, 200, 200, 403, 403, 200, 200, 200], body: () => ({}) },
    ListMessages: { statuses: OF_THE_CONVERSATION, body: () => ({ conversationId: conversationId() }) },
    SendMessage: { statuses: OF_THE_CONVERSATION, body: () => ({ conversationId: conversationId(), clientId: newId(), text: 'Hello' }) },
    MarkDelivered: { statuses: OF_THE_CONVERSATION, body: () => ({ conversationId: conversationId(), seq: 1 }) },
    MarkRead: { statuses: OF_THE_CONVERSATION, body: () => ({ conversationId: conversationId(), seq: 1 }) },
    SetTyping: { statuses: OF_THE_CONVERSATION, body: () => ({ conversationId: conversationId() }) },
  };

  test('every call has a row; the stream has its own test', () => {
    expect(ChatService.methods.map(({ name }) => name)).toEqual([...Object.keys(ROWS), 'Stream']);
  });

  describe.each(Object.entries(ROWS))('%s', (method, { statuses, body }) => {
    test.each(ROLES)('as %s', async (role) => {
      const expected = statuses[ROLES.indexOf(role)];
      const agent = role === 'stranger' ? supertest.agent(running.app) : (await logInAs(running.app, world.people[role])).agent;
      const answer = await post(agent, method, body());
      expect({ status: answer.status, said: answer.status === expected ? '' : answer.text }).toEqual({ status: expected, said: '' });
      if (role.endsWith('A')) expect(answer.text).not.toMatch(/Party B|House B/);
      if (role.endsWith('B')) expect(answer.text).not.toMatch(/Party A|House A/);
    });
  });

  test.each([
    ['tenantA', [() => world.a.tenancyId]],
    ['tenantB', [() => world.b.tenancyId]],
    ['providerB', [() => world.b.tenancyId]],
    ['administrator', [() => world.a.tenancyId, () => world.b.tenancyId]],
  ] as const)('the stream of %s has these conversations only', async (role, expected) => {
    const opened = await firstOf(await clientOf(role), 'opened');
    expect(opened.positions.map((position) => position.conversationId)).toEqual(expected.map((idOf) => idOf()));
  });

  test('the stream of a viewer is refused', async () => {
    await expect(firstOf(await clientOf('viewerA'), 'opened')).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  test('a token without the right of the chat opens nothing', async () => {
    const client = await clientOf('providerB');
    await running.database.prisma.apiToken.updateMany({ where: { userId: world.people.providerB.id }, data: { scope: 'live:read' } });
    await expect(client.listConversations({})).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  test('gRPC takes a token that is known, and nothing else', async () => {
    await expect(chatClient('grpc', grpcUrl(), 'wb_unknown').listConversations({})).rejects.toMatchObject({ code: Code.Unauthenticated });
  });

  test('a page of another site, or one without the token of the session, changes nothing', async () => {
    const { agent } = await logInAs(running.app, world.people.tenantA);
    const body = { conversationId: conversationId(), clientId: newId(), text: 'Hello' };
    await post(agent, 'SendMessage', body).set('x-csrf-token', 'another').expect(403);
    await post(agent, 'SendMessage', body).set('origin', 'https://example.org').expect(403);
  });
});
