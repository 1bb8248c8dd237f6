import { expect, test } from 'vitest';
import type { Mark, Message } from '../../src/generated/chat-client.ts';
import { follows, marksIn, merged, readersOf, sightOfMessage, withMarks } from '../../src/web/pages/chat/thread.ts';

function message(seq: number, rest: Partial<Message> = {}): Message {
  const written = { conversationId: 1, clientId: `m-${seq}`, senderId: 5, senderName: 'Tessa', fromStaff: false, text: `${seq}`, link: '' };
  return { ...written, seq, receipts: [], ...rest };
}

function mark(userId: number, fromStaff: boolean, deliveredSeq: number, readSeq: number): Mark {
  return { conversationId: 1, userId, userName: `User ${userId}`, fromStaff, deliveredSeq, readSeq };
}

test('a message is read when somebody of the other side has read it: the own side does not count', () => {
  const marks = [mark(6, false, 9, 9), mark(7, true, 5, 3), mark(8, true, 4, 4)];
  expect([3, 4, 5, 6].map((seq) => sightOfMessage({ seq, fromStaff: false }, marks))).toEqual(['read', 'read', 'delivered', 'sent']);
  expect(readersOf({ seq: 3, fromStaff: false }, marks)).toEqual(['User 7', 'User 8']);
  expect(readersOf({ seq: 3, fromStaff: true }, marks)).toEqual(['User 6']);
});

test('what comes twice is shown once, and a hole is seen', () => {
  const thread = { messages: merged([message(2), message(1)], [message(2), message(3)]), more: false };
  expect(thread.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect([3, 4, 5].map((seq) => follows(thread, seq))).toEqual([true, true, false]);
});

test('nobody goes back in what they have read, whichever news comes last', () => {
  const receipt = { userId: 7, userName: 'User 7', fromStaff: true, deliveredAt: '2026-01-01T00:00:00Z' };
  const loaded = marksIn([message(1, { receipts: [{ ...receipt, readAt: '2026-01-01T00:00:01Z' }] }), message(2, { receipts: [receipt] })]);
  expect(loaded).toEqual([mark(7, true, 2, 1)]);
  expect(withMarks([mark(7, true, 4, 4)], loaded)).toEqual([mark(7, true, 4, 4)]);
});
