import { readdir, realpath } from 'node:fs/promises';
import { SerialPort } from 'serialport';

export interface FoundPort {
  path: string;
  /** What a person knows it by: the device behind a lasting name, or who made it. */
  detail: string;
}

const BY_ID = '/dev/serial/by-id';

/** The serial ports of this machine: first by names that stay when adapters are plugged in another order. */
export async function listSerialPorts(byId: string = BY_ID): Promise<FoundPort[]> {
  const names = await readdir(byId).catch(() => []);
  const lasting = await Promise.all(
    names
      .toSorted((a, b) => a.localeCompare(b))
      .map(async (name) => ({ path: `${byId}/${name}`, detail: await realpath(`${byId}/${name}`).catch(() => 'not plugged in') })),
  );
  // It asks udevadm, which a container has not.
  const known = await SerialPort.list().catch(() => []);
  const others = known.filter(({ path }) => !lasting.some(({ detail }) => detail === path));
  return [
    ...lasting,
    ...others.map(({ path, manufacturer, serialNumber }) => ({ path, detail: [manufacturer, serialNumber].filter(Boolean).join(' ') })),
  ];
}
