import { io, type Socket } from 'socket.io-client';
import type { MeterReading, MeterStanding } from './building.ts';

export interface LiveEvents {
  onReadings(readings: readonly MeterReading[]): void;
  onStates(states: readonly MeterStanding[]): void;
  /** What one was told has changed: there is more, or some of it was read. */
  onInbox(): void;
  /** After a connection that was lost: what was missed must be read. */
  onReturn(): void;
  onConnected(connected: boolean): void;
}

interface Connection {
  socket: Socket;
  listeners: Set<Partial<LiveEvents>>;
  returning: ReturnType<typeof setTimeout> | undefined;
}

/** One for the whole app, as long as anybody listens. */
let shared: Connection | null = null;

/** Connects again by itself; websocket only. */
function connect(): Connection {
  const socket = io({ transports: ['websocket'], reconnectionDelay: 500, reconnectionDelayMax: 5_000 });
  const connection: Connection = { socket, listeners: new Set(), returning: undefined };
  const tell = (say: (events: Partial<LiveEvents>) => void) => connection.listeners.forEach(say);
  let connectedBefore = false;
  socket.on('connect', () => {
    tell(({ onConnected }) => onConnected?.(true));
    if (connectedBefore) tell(({ onReturn }) => onReturn?.());
    connectedBefore = true;
  });
  socket.on('disconnect', (reason) => {
    tell(({ onConnected }) => onConnected?.(false));
    // The server ended it, as when rights changed: socket.io leaves that to us.
    if (reason === 'io server disconnect') connection.returning = setTimeout(() => socket.connect(), 1_000);
  });
  socket.on('connect_error', () => tell(({ onConnected }) => onConnected?.(false)));
  socket.on('reading', (readings: MeterReading[]) => tell(({ onReadings }) => onReadings?.(readings)));
  socket.on('state', (states: MeterStanding[]) => tell(({ onStates }) => onStates?.(states)));
  socket.on('inbox', () => tell(({ onInbox }) => onInbox?.()));
  return connection;
}

function disconnect({ socket, returning }: Connection): void {
  clearTimeout(returning);
  socket.off();
  if (socket.connected) socket.disconnect();
  // A browser complains of a connection that is closed while it opens.
  for (const outcome of ['connect', 'connect_error'] as const) socket.once(outcome, () => socket.disconnect());
}

/** Listens until the answered function is called. */
export function listenLive(events: Partial<LiveEvents>): () => void {
  const connection = (shared ??= connect());
  connection.listeners.add(events);
  if (connection.socket.connected) events.onConnected?.(true);
  return () => {
    connection.listeners.delete(events);
    if (connection.listeners.size > 0) return;
    disconnect(connection);
    if (shared === connection) shared = null;
  };
}
