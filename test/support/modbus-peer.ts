import type { AddressInfo, Server } from 'node:net';
import { ServerTCP } from 'modbus-serial';

export interface AskedBlock {
  unitId: number;
  address: number;
  count: number;
}

export interface ModbusPeer {
  port: number;
  /** Every request that came, in its order. */
  asked: AskedBlock[];
  /** Every word that was written, in its order. */
  written: { unitId: number; address: number; word: number }[];
  /** How many connections came so far. */
  connections(): number;
  openConnections(): number;
  /** The most requests that were open at once. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

/** The unit that refuses to be written. */
export const WRITE_PROTECTED = 99;

/** The value of every register tells whose it is and where it lies. */
export function wordOf(unitId: number, address: number): number {
  return (unitId * 251 + address * 7) % 0x1_0000;
}

export function wordsOf(unitId: number, address: number, count: number): number[] {
  return Array.from({ length: count }, (_, place) => wordOf(unitId, address + place));
}

/** A real Modbus TCP server of modbus-serial. `answer` may delay an answer, throw an exception code or give nothing at all. */
export async function startModbusPeer(
  answer: (block: AskedBlock) => Promise<'answer' | 'silence' | number> | 'answer' = () => 'answer',
): Promise<ModbusPeer> {
  const asked: AskedBlock[] = [];
  const written: ModbusPeer['written'] = [];
  let open = 0;
  let most = 0;
  let connections = 0;
  let openConnections = 0;
  const registers = (address: number, count: number, unitId: number, done: (error: Error | null, words: number[]) => void) => {
    asked.push({ unitId, address, count });
    open += 1;
    most = Math.max(most, open);
    void Promise.resolve(answer({ unitId, address, count })).then((how) => {
      open -= 1;
      if (how === 'answer') done(null, wordsOf(unitId, address, count));
      else if (how !== 'silence') done(Object.assign(new Error('refused'), { modbusErrorCode: how }), []);
    });
  };
  const register = (address: number, unitId: number, done: (error: Error | null, word: number) => void) =>
    registers(address, 1, unitId, (error, [word = 0]) => done(error, word));
  const bit = (address: number, unitId: number) => wordOf(unitId, address) % 2 === 1;
  // A port of 0 as a number means 502 to modbus-serial.
  const options = { host: '127.0.0.1', port: '0' as unknown as number, unitID: 255 };
  const server = new ServerTCP(
    {
      getMultipleInputRegisters: registers,
      getMultipleHoldingRegisters: registers,
      // modbus-serial asks these when it is one register.
      getInputRegister: register,
      getHoldingRegister: register,
      getCoil: bit,
      getDiscreteInput: bit,
      setRegister: (address: number, word: number, unitId: number) => {
        if (unitId === WRITE_PROTECTED) throw Object.assign(new Error('refused'), { modbusErrorCode: 3 });
        written.push({ unitId, address, word });
      },
    },
    options,
  );
  server.on('socketError', () => undefined);
  await new Promise<void>((resolve) => server.on('initialized', () => resolve()));
  const listening = (server as unknown as { _server: Server })._server;
  listening.on('connection', (socket) => {
    connections += 1;
    openConnections += 1;
    socket.on('close', () => (openConnections -= 1));
  });
  return {
    port: (listening.address() as AddressInfo).port,
    asked,
    written,
    connections: () => connections,
    openConnections: () => openConnections,
    mostAtOnce: () => most,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
