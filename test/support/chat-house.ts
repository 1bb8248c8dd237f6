import { createClient, type Client, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { ChatService, type StreamResponse } from '../../src/generated/chat.ts';
import { hashToken } from '../../src/http/actor.ts';
import { makePerson, type TestApp, type TestPerson } from './test-app.ts';

export type ChatClient = Client<typeof ChatService>;

function withToken(token: string): Interceptor {
  return (next) => (request) => {
    request.header.set('authorization', `Bearer ${token}`);
    return next(request);
  };
}

export type ChatDoor = 'grpc' | 'grpc-web' | 'connect';

/** A program: plain gRPC on its port, or Connect and gRPC-Web under the address of the pages. */
export function chatClient(door: ChatDoor, url: string, token: string): ChatClient {
  const interceptors = [withToken(token)];
  if (door === 'grpc') return createClient(ChatService, createGrpcTransport({ baseUrl: url, interceptors }));
  const options = { baseUrl: `${url}/rpc`, httpVersion: '1.1' as const, interceptors };
  return createClient(ChatService, door === 'connect' ? createConnectTransport(options) : createGrpcWebTransport(options));
}

export async function giveToken({ database }: Pick<TestApp, 'database'>, userId: number): Promise<string> {
  const token = `wb_token-of-user-${userId}`;
  const scope = 'chat:use own:chat';
  await database.prisma.apiToken.create({ data: { userId, name: 'chat', tokenHash: hashToken(token), scope } });
  return token;
}

/** Somebody of the party of a tenancy. */
export async function makeTenant(test: TestApp, email: string, tenancyId: number): Promise<TestPerson & { id: number }> {
  const person = await makePerson(test, email, { role: 'tenant', buildingId: null });
  await test.database.prisma.tenancyUser.create({ data: { tenancyId, userId: person.id } });
  return person;
}

/** Another flat of a building, with its party. */
export async function makeTenancy({ database: { prisma } }: TestApp, buildingId: number, name: string): Promise<number> {
  const flat = await prisma.flat.create({ data: { buildingId, name } });
  return (await prisma.tenancy.create({ data: { flatId: flat.id, name: `Party of ${name}`, fromAt: new Date('2025-01-01') } })).id;
}

type Kind = Exclude<StreamResponse['event']['case'], undefined>;
type EventOf<K extends Kind> = Extract<StreamResponse['event'], { case: K }>['value'];

/** Opens a stream, and ends it when such an event has come. */
export async function firstOf<K extends Kind>(
  client: ChatClient,
  kind: K,
  begin: { after?: { conversationId: number; seq: number }[]; fromNow?: boolean; onOpened?: () => Promise<unknown> } = {},
): Promise<EventOf<K>> {
  const { onOpened, ...request } = begin;
  const ending = new AbortController();
  try {
    for await (const { event } of client.stream({ fromNow: true, ...request }, { signal: ending.signal })) {
      if (event.case === 'opened') await onOpened?.();
      if (event.case === kind) return event.value as EventOf<K>;
    }
  } finally {
    ending.abort();
  }
  throw new Error(`the stream ended without ${kind}`);
}
