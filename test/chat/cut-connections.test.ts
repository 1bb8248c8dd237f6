import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeServer, listen, makeHttpServer } from '../../src/api/serve.ts';
import { openGrpcDoor, type GrpcDoor } from '../../src/chat/grpc-door.ts';
import { startRedis } from '../../src/embedded/redis.ts';
import type { Message } from '../../src/generated/chat.ts';
import { makeChatLimit } from '../../src/http/chat-limit.ts';
import { makeLogger } from '../../src/logger.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { makeActors } from '../../src/store/actors.ts';
import { chatClient, giveToken, makeTenancy, makeTenant, type ChatClient, type ChatDoor } from '../support/chat-house.ts';
import { startCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.ts';
import { eventually } from '../support/running.ts';
import { makePerson, openTestApp, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

const PATIENCE_MS = 240_000;
const EACH_SENDS = 100;
const MOST_PIECES = 60;

let running: TestApp;
let world: TwoBuildings;
let server: Server;
let grpc: GrpcDoor;
let proxies: Record<ChatDoor, CuttingProxy>;

/** The same cuts in every run; how they fall among the messages is the machine's. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

beforeAll(async () => {
  running = await openTestApp({ chatLimit: { messages: 100_000, callsPerMinute: 1_000_000 } });
  world = await makeTwoBuildings(running);
  server = makeHttpServer(running.app);
  const { url } = await listen(server, { host: '127.0.0.1', port: 0 });
  grpc = await openGrpcDoor(running.chatService, { actors: makeActors(running.database), host: '127.0.0.1', port: 0, insists: true });
  const web = await startCuttingProxy(Number(new URL(url).port), seeded(1), MOST_PIECES);
  proxies = { grpc: await startCuttingProxy(grpc.port, seeded(2), MOST_PIECES), connect: web, 'grpc-web': web };
});
afterAll(async () => {
  await Promise.all([proxies.grpc.close(), proxies.connect.close()]);
  await grpc.close();
  await closeServer(server, 100);
  await running.close();
});

/** Somebody whose program sends, listens, and connects again whenever it was cut off. */
class Participant {
  readonly arrived: Message[] = [];
  readonly readBy = new Map<string, number>();
  readonly typing: string[] = [];
  readonly userId: number;
  readonly #client: ChatClient;
  readonly #ending = new AbortController();
  #listening: Promise<void> = Promise.resolve();

  constructor(userId: number, client: ChatClient) {
    this.userId = userId;
    this.#client = client;
  }

  #positions(): { conversationId: number; seq: number }[] {
    return [...new Map(this.arrived.map(({ conversationId, seq }) => [conversationId, { conversationId, seq }])).values()];
  }

  async #follow(): Promise<void> {
    for await (const { event } of this.#client.stream({ after: this.#positions() }, { signal: this.#ending.signal })) {
      if (event.case === 'message') this.arrived.push(event.value);
      if (event.case === 'mark') this.readBy.set(`${event.value.conversationId} ${event.value.userId}`, event.value.readSeq);
      if (event.case === 'typing') this.typing.push(event.value.userName);
    }
  }

  listen(): void {
    const again = async () => {
      while (!this.#ending.signal.aborted) {
        await this.#follow().catch(() => {});
        await pause(5);
      }
    };
    this.#listening = again();
  }

  /** Until it is answered: who was cut off does not know whether it arrived. */
  async insist<T>(call: (client: ChatClient) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call(this.#client);
      } catch {
        await pause(5);
      }
    }
  }

  async sendAll(conversationIds: readonly number[]): Promise<void> {
    for (let n = 0; n < EACH_SENDS; n += 1) {
      const conversationId = conversationIds[n % conversationIds.length] ?? 0;
      const message = { conversationId, clientId: `message-${this.userId}-${n}`, text: `${this.userId} says ${n}` };
      await this.insist((client) => client.sendMessage(message));
    }
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.#listening;
  }
}

test(
  '500 messages of two staff and three tenants with connections cut at random: each arrives once, in order, and only where it belongs',
  { timeout: PATIENCE_MS + 60_000 },
  async () => {
    const { buildingId, tenancyId: first } = world.a;
    const second = await makeTenancy(running, buildingId, '2 right');
    const join = async (userId: number, door: ChatDoor) =>
      new Participant(userId, chatClient(door, proxies[door].url, await giveToken(running, userId)));
    const colleague = await makePerson(running, 'colleague@example.org', { role: 'service-provider', buildingId });
    const flatmate = await makeTenant(running, 'flatmate@example.org', first);
    const neighbour = await makeTenant(running, 'neighbour@example.org', second);
    const staff = [await join(world.people.providerA.id, 'grpc'), await join(colleague.id, 'connect')];
    const ofFirst = [await join(world.people.tenantA.id, 'grpc'), await join(flatmate.id, 'grpc-web')];
    const ofSecond = [await join(neighbour.id, 'grpc')];
    const outsiders = [await join(world.people.tenantB.id, 'grpc'), await join(world.people.providerB.id, 'connect')];
    const senders = [...staff, ...ofFirst, ...ofSecond];
    const parts = (one: Participant) => (ofFirst.includes(one) ? [first] : ofSecond.includes(one) ? [second] : [first, second]);

    for (const one of [...senders, ...outsiders]) one.listen();
    await Promise.all(senders.map((one) => one.sendAll(parts(one))));
    for (const one of senders) {
      await eventually(
        () => one.arrived.length,
        (count) => count >= (staff.includes(one) ? 500 : ofFirst.includes(one) ? 300 : 200),
        PATIENCE_MS,
      );
    }

    expect(proxies.grpc.cuts() + proxies.connect.cuts()).toBeGreaterThan(20);
    const stored = await running.database.prisma.message.findMany({ orderBy: [{ conversationId: 'asc' }, { seq: 'asc' }] });
    expect(stored).toHaveLength(500);
    for (const conversationId of [first, second]) {
      const written = stored.filter((message) => message.conversationId === conversationId);
      expect(written.map(({ seq }) => seq)).toEqual(written.map((_, index) => index + 1));
      for (const one of senders.filter((candidate) => parts(candidate).includes(conversationId))) {
        const arrived = one.arrived.filter((message) => message.conversationId === conversationId);
        expect(arrived.map(({ seq, text, senderId }) => [seq, text, senderId])).toEqual(
          written.map(({ seq, text, senderId }) => [seq, text, senderId]),
        );
      }
      for (const { userId } of senders) {
        const own = written.filter(({ senderId }) => senderId === userId).map(({ text }) => Number(text.split(' ').at(-1)));
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
    }
    for (const one of senders) expect(new Set(one.arrived.map(({ conversationId }) => conversationId))).toEqual(new Set(parts(one)));
    for (const one of outsiders) expect(one.arrived).toEqual([]);

    const [reader, colleagueReads] = staff;
    await reader?.insist((client) => client.markRead({ conversationId: first, seq: 250 }));
    await colleagueReads?.insist((client) => client.markDelivered({ conversationId: first, seq: 300 }));
    for (const one of ofFirst) {
      await eventually(
        () => one.readBy.get(`${first} ${reader?.userId}`),
        (seq) => seq === 250,
        PATIENCE_MS,
      );
    }
    expect(ofSecond[0]?.readBy.size).toBe(0);
    proxies.grpc.calm();
    proxies.connect.calm();
    // Nobody stores that somebody writes: it is said again, as a page does.
    await eventually(
      async () => {
        await reader?.insist((client) => client.setTyping({ conversationId: first }));
        return ofFirst.map((one) => one.typing.length);
      },
      (counts) => counts.every((count) => count > 0),
      PATIENCE_MS,
    );
    expect(ofSecond[0]?.typing).toEqual([]);
    for (const one of outsiders) expect([one.readBy.size, one.typing]).toEqual([0, []]);
    await Promise.all([...senders, ...outsiders].map((one) => one.end()));
  },
);

test('without Redis a message is refused with a sentence; lost between counting and telling it is stored. Sent again it is one', async () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-chat-'));
  const start = () => startRedis(folder, { searchPath: process.env['PATH'] ?? '', durable: false });
  let server = await start();
  // As the server opens it.
  const redis = openRedis(server.url(), { maxRetriesPerRequest: 1 });
  redis.on('error', () => {});
  await redis.ping();
  const tenant = await makeTenant(running, 'patient-tenant@example.org', world.a.tenancyId);
  const token = await giveToken(running, tenant.id);
  const openDoor = (limit: typeof running.chatService.limit) =>
    openGrpcDoor(
      { ...running.chatService, redis, limit, log: makeLogger('test', 'silent') },
      { actors: makeActors(running.database), host: '127.0.0.1', port: 0, insists: true },
    );
  const [counting, counted] = [await openDoor(makeChatLimit(redis)), await openDoor(running.chatService.limit)];
  const send = (door: GrpcDoor, clientId: string) =>
    chatClient('grpc', `http://127.0.0.1:${door.port}`, token).sendMessage({
      conversationId: world.a.tenancyId,
      clientId,
      text: `Is anybody there? ${clientId}`,
      link: '',
    });
  const stored = (clientId: string) => running.database.prisma.message.count({ where: { clientId } });
  process.kill(server.pid, 'SIGKILL');
  await server.ended;

  await expect(send(counting, 'while-away')).rejects.toMatchObject({
    code: Code.Unavailable,
    rawMessage: 'A part of Wattbook is restarting. Try again in a moment.',
  });
  expect(await stored('while-away')).toBe(0);
  const { message } = await send(counted, 'not-told');
  expect((await send(counted, 'not-told')).message).toEqual(message);
  expect(await stored('not-told')).toBe(1);

  server = await start();
  const sent = await eventually(
    () => send(counting, 'while-away').catch(() => null),
    (answer) => answer !== null,
  );
  expect((await send(counting, 'while-away')).message).toEqual(sent?.message);
  expect(sent?.message?.seq).toBe((message?.seq ?? 0) + 1);
  await Promise.all([counting.close(), counted.close()]);
  redis.disconnect();
  await server.stop();
  rmSync(folder, { recursive: true });
});
