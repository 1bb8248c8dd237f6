import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ChatMessage, Receipt } from '../domain/chat.ts';
import {
  StreamResponseSchema,
  type ConversationSchema,
  type MessageSchema,
  type ReceiptSchema,
  type StreamResponse,
} from '../generated/chat.ts';
import type { ChatEvent } from '../use-cases/chat-feed.ts';
import type { ShownConversation } from '../use-cases/read-chat.ts';

function toReceipt({ userId, userName, fromStaff, deliveredAtMs, readAtMs }: Receipt): MessageInitShape<typeof ReceiptSchema> {
  return {
    userId,
    userName,
    fromStaff,
    ...(deliveredAtMs === null ? {} : { deliveredAt: timestampFromMs(deliveredAtMs) }),
    ...(readAtMs === null ? {} : { readAt: timestampFromMs(readAtMs) }),
  };
}

export function toMessage(message: ChatMessage & { receipts?: readonly Receipt[] }): MessageInitShape<typeof MessageSchema> {
  const { sentAtMs, senderId, receipts = [], ...rest } = message;
  return { ...rest, senderId: senderId ?? 0, sentAt: timestampFromMs(sentAtMs), receipts: receipts.map(toReceipt) };
}

export function toConversation(conversation: ShownConversation): MessageInitShape<typeof ConversationSchema> {
  const { id, party, flatId, flatName, buildingId, buildingName, closed, members, lastSeq, unread, asStaff, lastMessage } = conversation;
  const last = lastMessage === null ? {} : { lastMessage: toMessage(lastMessage) };
  return { id, party, flatId, flatName, buildingId, buildingName, closed, members, lastSeq, unread, asStaff, ...last };
}

function eventOf(event: ChatEvent): MessageInitShape<typeof StreamResponseSchema>['event'] {
  switch (event.kind) {
    case 'opened':
      return { case: 'opened', value: { positions: [...event.positions].map(([conversationId, seq]) => ({ conversationId, seq })) } };
    case 'message':
      return { case: 'message', value: toMessage(event.message) };
    case 'mark':
      return { case: 'mark', value: event.mark };
    case 'typing':
      return { case: 'typing', value: event.typing };
    case 'unread':
      return { case: 'unread', value: event };
    case 'alive':
      return { case: 'alive', value: {} };
  }
}

export function toStreamResponse(event: ChatEvent): StreamResponse {
  return create(StreamResponseSchema, { event: eventOf(event) });
}
