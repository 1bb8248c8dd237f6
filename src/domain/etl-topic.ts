/** Who sent an ETL message to whom, as its topic says. */
export interface EtlTopic {
  zone: string;
  profile: string;
  sender: string;
  recipient: string;
  /** Chose the queue of the predecessor. What a message is, its header says. */
  messageClass: string;
}

export type EtlTopicRead = ({ ok: true } & EtlTopic) | { ok: false; detail: string };

const PARTS = ['zone', 'profile', 'sender', 'recipient', 'class'] as const;
const LONGEST_PART = 64;

/** `<zone>/<profile>/<sender>/<recipient>/<class>`. */
export function parseEtlTopic(topic: string): EtlTopicRead {
  const parts = topic.split('/');
  if (parts.length !== PARTS.length) return { ok: false, detail: `The topic has ${parts.length} parts, not ${PARTS.length}` };
  // What begins with $ is the broker's own (MQTT 3.1.1, 4.7.2).
  if (topic.startsWith('$')) return { ok: false, detail: 'The topic begins with $' };
  for (const [place, part] of PARTS.entries()) {
    const fault = faultOf(parts[place] ?? '');
    if (fault !== null) return { ok: false, detail: `The ${part} of the topic ${fault}` };
  }
  const [zone = '', profile = '', sender = '', recipient = '', messageClass = ''] = parts;
  return { ok: true, zone, profile, sender, recipient, messageClass };
}

function faultOf(part: string): string | null {
  if (part === '') return 'is empty';
  if (part.length > LONGEST_PART) return `has ${part.length} characters, more than ${LONGEST_PART}`;
  if (/[+#]/.test(part)) return 'holds a wildcard';
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(part)) return 'holds a control character';
  // The database compares without spaces at the end: two senders would be one.
  if (part !== part.trim()) return 'begins or ends with a space';
  return null;
}
