import { deviceOfTopic, topicOfDevice } from './measurement-tuple.ts';

/** Who may push, by a token: a gateway for all topics of its zone, a device for its own. */
export interface Pusher {
  id: number;
  kind: 'gateway' | 'device';
  /** The zone of a gateway, the name of a device. */
  reach: string;
}

export function mayPush({ kind, reach }: Pusher, topic: string): boolean {
  return kind === 'gateway' ? topic.startsWith(`${reach}/`) : deviceOfTopic(topic) === reach;
}

/** The same as a filter of MQTT. */
export function topicsOf({ kind, reach }: Pick<Pusher, 'kind' | 'reach'>): string {
  return kind === 'gateway' ? `${reach}/#` : topicOfDevice(reach);
}

/** What somebody pushed, by whatever way it came. */
export interface PushedMessage {
  topic: string;
  payload: Uint8Array;
  receivedMs: number;
  /** Who may push here and did; null where somebody else's broker took it. */
  sourceId: number | null;
}

/** Whom its topic names as the sender, whether or not it can be read. */
export function senderOfTopic(topic: string): string {
  const [zone, device = '', sender = ''] = topic.split('/');
  return zone === 'wattbook' ? device : sender;
}
