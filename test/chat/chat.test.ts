import type { Server } from 'node:http';
import { credentials, loadPackageDefinition, Metadata, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeServer, listen, makeHttpServer } from '../../src/api/serve.ts';
import { openGrpcDoor, type GrpcDoor } from '../../src/chat/grpc-door.ts';
import { publishRightsChange } from '../../src/queue/rights.ts';
import { makeActors } from '../../src/store/actors.ts';
import { chatClient, firstOf, giveToken, type ChatClient } from '../support/chat-house.ts';
import { eventually } from '../support/running.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type RoleOfTable, type TwoBuildings } from '../support/two-buildings.ts';

let running: TestApp;
let world: TwoBuildings;
let server: Server;
let url: string;
let grpc: GrpcDoor;
let tokens: Record<Exclude<RoleOfTable, 'stranger'>, string>;
let made = 0;

beforeAll(async () => {
  running = await openTestApp();
  world = await makeTwoBuildings(running);
  // Accounts count from the database's clock, messages from this one.
  running.advance(60_000);
  server = makeHttpServer(running.app);
  ({ url } = await listen(server, { host: '127.0.0.1', port: 0 }));
  grpc = await openGrpcDoor(running.chatService, { actors: makeActors(running.database), host: '127.0.0.1', port: 0, insists: true });
  const given = await Promise.all(Object.entries(world.people).map(async ([role, { id }]) => [role, await giveToken(running, id)]));
  tokens = Object.fromEntries(given) as typeof tokens;
});
afterAll(async () => {
  await grpc.close();
  await closeServer(server, 100);
  await running.close();
});
beforeEach(() => running.redis.flushdb());

const grpcUrl = () => `http://127.0.0.1:${grpc.port}`;
const clientOf = (role: Exclude<RoleOfTable, 'stranger'>) => chatClient('grpc', grpcUrl(), tokens[role]);
const newId = () => `message-${(made += 1)}`;
const say = (client: ChatClient, text: string, rest: { conversationId?: number; clientId?: string; link?: string } = {}) =>
  client.sendMessage({ conversationId: world.a.tenancyId, clientId: newId(), text, ...rest });

describe('a conversation', () => {
  test('what is sent twice with one id is one message; another text with it is refused', async () => {
    const clientId = newId();
    const first = await say(clientOf('tenantA'), 'Once', { clientId });
    const second = await say(clientOf('tenantA'), 'Once', { clientId });
    expect(second).toEqual(first);
    await expect(say(clientOf('tenantA'), 'Other', { clientId })).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect(await running.database.prisma.message.count({ where: { clientId } })).toBe(1);
  });

  test('what is unread is what others wrote since; reading says when to the one who wrote', async () => {
    const [tenant, staff] = [clientOf('tenantA'), clientOf('providerA')];
    const { message } = await say(tenant, 'The meter hums.\nLoudly.', { link: '/home?range=day' });
    const [before] = (await staff.listConversations({})).conversations;
    expect(before).toMatchObject({ party: 'Party A', asStaff: true, members: 1, closed: false, lastSeq: message?.seq });
    expect(before?.lastMessage).toMatchObject({ text: 'The meter hums.\nLoudly.', link: '/home?range=day', fromStaff: false });
    expect(before?.unread).toBeGreaterThan(0);
    await staff.markRead({ conversationId: world.a.tenancyId, seq: message?.seq ?? 0 });
    expect((await staff.listConversations({})).conversations[0]?.unread).toBe(0);
    const { messages } = await tenant.listMessages({ conversationId: world.a.tenancyId, limit: 1 });
    expect(messages[0]?.receipts).toEqual([
      expect.objectContaining({ userName: 'provider-a', deliveredAt: expect.anything(), readAt: expect.anything() }),
    ]);
  });

  test('history goes back in pieces and forth from a position', async () => {
    const tenant = clientOf('tenantA');
    for (const text of ['one', 'two', 'three']) await say(tenant, text);
    const conversationId = world.a.tenancyId;
    const newest = await tenant.listMessages({ conversationId, limit: 2 });
    expect([newest.messages.map(({ text }) => text), newest.more]).toEqual([['two', 'three'], true]);
    const older = await tenant.listMessages({ conversationId, beforeSeq: newest.messages[0]?.seq ?? 0, limit: 1 });
    expect(older.messages.map(({ text }) => text)).toEqual(['one']);
    const after = await tenant.listMessages({ conversationId, afterSeq: older.messages[0]?.seq ?? 0 });
    expect([after.messages.map(({ text }) => text), after.more]).toEqual([['two', 'three'], false]);
  });

  test('a stream tells what is written, read and being typed, and goes on after a position', async () => {
    const [tenant, staff] = [clientOf('tenantA'), chatClient('grpc-web', url, tokens.providerA)];
    const heard = await firstOf(staff, 'message', { onOpened: () => say(tenant, 'Heard') });
    expect(heard).toMatchObject({ text: 'Heard', senderName: 'tenant-a' });
    const missed = await firstOf(staff, 'message', {
      fromNow: false,
      after: [{ conversationId: heard.conversationId, seq: heard.seq - 1 }],
    });
    expect(missed).toEqual(heard);
    const mark = await firstOf(tenant, 'mark', {
      after: [],
      onOpened: () => staff.markRead({ conversationId: heard.conversationId, seq: heard.seq }),
    });
    expect(mark.conversationId).toBe(heard.conversationId);
    const typing = await firstOf(tenant, 'typing', { onOpened: () => staff.setTyping({ conversationId: heard.conversationId }) });
    expect(typing).toMatchObject({ userName: 'provider-a' });
  });

  test.each([
    ['nothing', { text: ' \n ' }, /must not be empty/],
    ['too much', { text: 'x'.repeat(4_001) }, /send the rest as another message/],
    ['what is not seen', { text: 'a\u202Eb' }, /no control characters/],
    ['a page of another site', { text: 'look', link: '//example.org' }, /must be the path of a page here/],
    ['no id', { text: 'x', clientId: '' }, /8 to 64 small letters/],
  ])('%s is refused with what to do', async (_, { text, ...rest }, sentence) => {
    await expect(say(clientOf('tenantA'), text, rest)).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringMatching(sentence),
    });
  });

  test('who writes too much is told when to go on; the others write on', async () => {
    const tenant = clientOf('tenantA');
    const flood = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => say(tenant, `flood ${n}`)));
    const refused = flood.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(10);
    expect(refused[0]?.reason).toMatchObject({
      code: Code.ResourceExhausted,
      rawMessage: expect.stringMatching(/Too many messages\. Try again in \d+ seconds/),
    });
    await say(clientOf('providerA'), 'Please write less.');
  });

  test('after the end of a tenancy both sides read and nobody writes; who moves in sees nothing of it', async () => {
    const { prisma } = running.database;
    const [tenant, staff] = [clientOf('tenantA'), clientOf('providerA')];
    await say(tenant, 'Goodbye');
    const { flatId, tenancyId } = world.a;
    await prisma.tenancy.update({ where: { id: tenancyId }, data: { toAt: new Date(running.deps.clock() - 1) } });
    for (const client of [tenant, staff]) {
      await expect(say(client, 'More')).rejects.toMatchObject({ code: Code.FailedPrecondition });
      const { messages } = await client.listMessages({ conversationId: tenancyId, limit: 1 });
      expect(messages.map(({ text }) => text)).toEqual(['Goodbye']);
      expect((await client.listConversations({})).conversations.find(({ id }) => id === tenancyId)?.closed).toBe(true);
    }
    const next = await prisma.tenancy.create({ data: { flatId, name: 'The next party', fromAt: new Date(running.deps.clock()) } });
    await prisma.tenancyUser.create({ data: { tenancyId: next.id, userId: world.people.tenantB.id } });
    await expect(clientOf('tenantB').listMessages({ conversationId: tenancyId })).rejects.toMatchObject({ code: Code.NotFound });
    await prisma.tenancy.delete({ where: { id: next.id } });
    await prisma.tenancy.update({ where: { id: tenancyId }, data: { toAt: null } });
  });

  test('a stream ends when the right is taken away', async () => {
    const { id: userId } = world.people.tenantB;
    const taken = firstOf(clientOf('tenantB'), 'message', {
      onOpened: async () => {
        await running.database.prisma.membership.deleteMany({ where: { userId } });
        await publishRightsChange(running.redis);
      },
    });
    await expect(taken).rejects.toMatchObject({ code: Code.PermissionDenied });
  });
});

test('a plain @grpc/grpc-js client with nothing but the .proto sends and receives', async () => {
  const definition = loadSync('wattbook/chat/v1/chat.proto', { includeDirs: ['proto'], keepCase: false });
  const { wattbook } = loadPackageDefinition(definition) as unknown as {
    wattbook: { chat: { v1: { ChatService: ServiceClientConstructor } } };
  };
  const client = new wattbook.chat.v1.ChatService(`127.0.0.1:${grpc.port}`, credentials.createInsecure());
  const bearer = (token: string) => {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    return metadata;
  };
  const call = (method: string, request: object, metadata: Metadata) =>
    new Promise<{ message: { seq: number; text: string } }>((resolve, reject) => {
      (client[method] as (request: object, metadata: Metadata, done: (err: Error | null, answer: never) => void) => void).call(
        client,
        request,
        metadata,
        (err, answer) => (err ? reject(err) : resolve(answer)),
      );
    });
  const heard: string[] = [];
  let isOpen = false;
  const stream = (client['stream'] as (request: object, metadata: Metadata) => NodeJS.EventEmitter & { cancel(): void }).call(
    client,
    { fromNow: true },
    bearer(tokens.providerA),
  );
  stream.on('data', (event: { opened?: object; message?: { text: string } }) => {
    if (event.opened) isOpen = true;
    if (event.message) heard.push(event.message.text);
  });
  stream.on('error', () => {});
  await eventually(
    () => isOpen,
    (open) => open,
  );
  const sent = await call(
    'sendMessage',
    { conversationId: world.a.tenancyId, clientId: newId(), text: 'From a program' },
    bearer(tokens.tenantA),
  );
  expect(sent.message.text).toBe('From a program');
  await eventually(
    () => heard,
    (texts) => texts.includes('From a program'),
  );
  await expect(call('listConversations', {}, new Metadata())).rejects.toMatchObject({
    code: 16,
    details: expect.stringMatching(/authorization/),
  });
  stream.cancel();
  client.close();
});
