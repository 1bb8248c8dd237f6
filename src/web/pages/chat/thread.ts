import type { Mark, Message } from '../../../generated/chat-client.ts';

export interface Thread {
  /** By seq, without a hole. */
  messages: readonly Message[];
  /** There are older ones. */
  more: boolean;
}

export type Sight = 'sent' | 'delivered' | 'read';

/** Whatever comes twice is shown once. */
export function merged(a: readonly Message[], b: readonly Message[]): Message[] {
  return [...new Map([...a, ...b].map((message) => [message.seq, message])).values()].toSorted((one, other) => one.seq - other.seq);
}

/** Whether it follows the newest one shown; otherwise something between was missed. */
export function follows({ messages }: Thread, seq: number): boolean {
  return seq <= (messages.at(-1)?.seq ?? 0) + 1;
}

/** How far the other side is with a message of this side. */
export function sightOfMessage(message: Pick<Message, 'seq' | 'fromStaff'>, marks: readonly Mark[]): Sight {
  const others = marks.filter((mark) => mark.fromStaff !== message.fromStaff);
  if (others.some(({ readSeq }) => readSeq >= message.seq)) return 'read';
  return others.some(({ deliveredSeq }) => deliveredSeq >= message.seq) ? 'delivered' : 'sent';
}

/** Who of the other side has read it. */
export function readersOf(message: Pick<Message, 'seq' | 'fromStaff'>, marks: readonly Mark[]): string[] {
  return marks.filter((mark) => mark.fromStaff !== message.fromStaff && mark.readSeq >= message.seq).map(({ userName }) => userName);
}

/** What the messages loaded say about who has read them. */
export function marksIn(messages: readonly Message[]): Mark[] {
  const marks = new Map<number, Mark>();
  for (const { conversationId, seq, receipts } of messages) {
    for (const { userId, userName, fromStaff, deliveredAt, readAt } of receipts) {
      const known = marks.get(userId);
      marks.set(userId, {
        conversationId,
        userId,
        userName,
        fromStaff,
        deliveredSeq: Math.max(known?.deliveredSeq ?? 0, deliveredAt === undefined ? 0 : seq),
        readSeq: Math.max(known?.readSeq ?? 0, readAt === undefined ? 0 : seq),
      });
    }
  }
  return [...marks.values()];
}

/** The newer state of each person. */
export function withMarks(known: readonly Mark[], news: readonly Mark[]): Mark[] {
  const marks = new Map(known.map((mark) => [mark.userId, mark]));
  for (const mark of news) {
    const before = marks.get(mark.userId);
    const deliveredSeq = Math.max(before?.deliveredSeq ?? 0, mark.deliveredSeq);
    marks.set(mark.userId, { ...mark, deliveredSeq, readSeq: Math.max(before?.readSeq ?? 0, mark.readSeq) });
  }
  return [...marks.values()];
}
