import type { ConnectRouter, HandlerContext } from '@connectrpc/connect';
import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { ChatService, type StreamRequest, type StreamResponse } from '../generated/chat.ts';
import type { ChatLimit } from '../http/chat-limit.ts';
import { TooManyRequests } from '../http/problem.ts';
import type { ChatDeps } from '../use-cases/chat-access.ts';
import type { ChatFeeds } from '../use-cases/chat-feed.ts';
import { markMessages } from '../use-cases/mark-messages.ts';
import { showConversations, showMessages } from '../use-cases/read-chat.ts';
import { sayTyping } from '../use-cases/say-typing.ts';
import { sendMessage } from '../use-cases/send-message.ts';
import { callerOf } from './caller.ts';
import { toConnectError } from './errors.ts';
import { toConversation, toMessage, toStreamResponse } from './to-proto.ts';

export interface ChatServiceDeps extends ChatDeps {
  feeds: ChatFeeds;
  limit: ChatLimit;
}

// Each is a listener that looks into the database.
const STREAMS_PER_PERSON = 10;
const FULL_AGAIN_S = 30;
const CONVERSATIONS_AT_ONCE = 100;
const MESSAGES_AT_ONCE = 50;

/** Counts within this process. */
function makeStreamSeats() {
  const taken = new Map<number, number>();
  return {
    take(userId: number): void {
      const count = taken.get(userId) ?? 0;
      if (count >= STREAMS_PER_PERSON) throw new TooManyRequests(FULL_AGAIN_S, say('tooManyStreams', FULL_AGAIN_S, STREAMS_PER_PERSON));
      taken.set(userId, count + 1);
    },
    leave(userId: number): void {
      const count = (taken.get(userId) ?? 1) - 1;
      if (count > 0) taken.set(userId, count);
      else taken.delete(userId);
    },
  };
}

/** What both doors serve: Connect and gRPC-Web under /rpc, and plain gRPC on its own port. */
export function makeChatService(deps: ChatServiceDeps): (router: ConnectRouter) => void {
  const { limit, log, feeds } = deps;
  const seats = makeStreamSeats();

  function unary<Input, Answer>(work: (actor: Actor, input: Input) => Promise<Answer>, counted: keyof ChatLimit = 'call') {
    return async (input: Input, context: HandlerContext): Promise<Answer> => {
      try {
        const { actor } = callerOf(context);
        await limit[counted](actor.userId);
        return await work(actor, input);
      } catch (error) {
        throw toConnectError(error, { log, method: context.method.name, headers: context.requestHeader });
      }
    };
  }

  async function* stream({ after, fromNow }: StreamRequest, context: HandlerContext): AsyncGenerator<StreamResponse> {
    try {
      const { actor, ask } = callerOf(context);
      await limit.call(actor.userId);
      seats.take(actor.userId);
      try {
        const positions = new Map(after.map(({ conversationId, seq }) => [conversationId, seq]));
        for await (const event of feeds.open({ actorOf: ask, after: positions, fromNow, signal: context.signal })) {
          yield toStreamResponse(event);
        }
      } finally {
        seats.leave(actor.userId);
      }
    } catch (error) {
      // The caller is gone: nobody is there to be told, and nothing is wrong here.
      if (context.signal.aborted) return;
      throw toConnectError(error, { log, method: context.method.name, headers: context.requestHeader });
    }
  }

  return (router) => {
    router.service(ChatService, {
      listConversations: unary(async (actor, { afterId, limit: wanted }) => {
        const page = await showConversations(deps, actor, { afterId, limit: wanted || CONVERSATIONS_AT_ONCE });
        return { conversations: page.items.map(toConversation), nextAfterId: page.nextAfterId ?? 0 };
      }),
      listMessages: unary(async (actor, { conversationId, beforeSeq, afterSeq, limit: wanted }) => {
        const where = { beforeSeq: beforeSeq || null, afterSeq: afterSeq || null, limit: wanted || MESSAGES_AT_ONCE };
        const { messages, more } = await showMessages(deps, actor, { conversationId, ...where });
        return { messages: messages.map(toMessage), more };
      }),
      sendMessage: unary(async (actor, { conversationId, clientId, text, link }) => {
        return { message: toMessage(await sendMessage(deps, actor, { conversationId, clientId, text, link })) };
      }, 'message'),
      markDelivered: unary(async (actor, { conversationId, seq }) => {
        await markMessages(deps, actor, 'delivered', { conversationId, seq });
        return {};
      }),
      markRead: unary(async (actor, { conversationId, seq }) => {
        await markMessages(deps, actor, 'read', { conversationId, seq });
        return {};
      }),
      setTyping: unary(async (actor, { conversationId }) => {
        await sayTyping(deps, actor, { conversationId });
        return {};
      }),
      stream,
    });
  };
}
