import { io } from 'socket.io-client';
import type { MeterReading, MeterStanding } from './building.ts';

export interface LiveEvents {
  onReadings(readings: readonly MeterReading[]): void;
  onStates(states: readonly MeterStanding[]): void;
  /** After a connection that was lost: what was missed must be read. */
  onReturn(): void;
  onConnected(connected: boolean): void;
}

/** Listens until the answered function is called. Connects again by itself; websocket only. */
export function listenLive({ onReadings, onStates, onReturn, onConnected }: LiveEvents): () => void {
  const socket = io({ transports: ['websocket'], reconnectionDelay: 500, reconnectionDelayMax: 5_000 });
  let connectedBefore = false;
  let returning: ReturnType<typeof setTimeout> | undefined;
  socket.on('connect', () => {
    onConnected(true);
    if (connectedBefore) onReturn();
    connectedBefore = true;
  });
  socket.on('disconnect', (reason) => {
    onConnected(false);
    // The server ended it, as when rights changed: socket.io leaves that to us.
    if (reason === 'io server disconnect') returning = setTimeout(() => socket.connect(), 1_000);
  });
  socket.on('connect_error', () => onConnected(false));
  socket.on('reading', (readings: MeterReading[]) => onReadings(readings));
  socket.on('state', (states: MeterStanding[]) => onStates(states));
  return () => {
    clearTimeout(returning);
    socket.off();
    if (socket.connected) socket.disconnect();
    // A browser complains of a connection that is closed while it opens.
    for (const outcome of ['connect', 'connect_error'] as const) socket.once(outcome, () => socket.disconnect());
  };
}
