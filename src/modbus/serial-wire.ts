import { SerialPort } from 'serialport';
import { bytesMs, type SerialPlace } from '../domain/line-place.ts';
import type { Wire, WireEvents } from './wire.ts';

export class SerialWire implements Wire {
  readonly #place: SerialPlace;
  readonly #port: SerialPort;
  #events: WireEvents | null = null;
  #isClosing = false;

  constructor(place: SerialPlace) {
    this.#place = place;
    const { serialPath: path, baudRate, parity, stopBits } = place;
    this.#port = new SerialPort({ path, baudRate, parity, stopBits, dataBits: 8, autoOpen: false });
  }

  open(events: WireEvents): void {
    this.#events = events;
    this.#port.on('data', (chunk: Uint8Array) => events.received(chunk));
    this.#port.on('error', (error) => events.broke(error));
    this.#port.on('close', (error: Error | null) => {
      events.broke(error ?? new Error('the device was closed'));
      events.gone();
    });
    this.#port.open((error) => {
      if (error !== null) {
        events.broke(error);
        events.gone();
      } else if (this.#isClosing) this.#letGo();
      else events.opened();
    });
  }

  write(bytes: Uint8Array): void {
    this.#port.write(bytes);
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    // What is being opened is closed once it is open.
    if (this.#port.isOpen) this.#letGo();
  }

  transferMs(bytes: number): number {
    return bytesMs(this.#place, bytes);
  }

  #letGo(): void {
    this.#port.close((error) => {
      if (error) this.#events?.gone();
    });
  }
}
