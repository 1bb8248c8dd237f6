import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listSerialPorts } from '../../src/modbus/serial-ports.ts';

test('serial ports come first by the names that last, with the device behind them, and once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'by-id-'));
  try {
    await writeFile(join(folder, 'device'), '');
    await symlink(join(folder, 'device'), join(folder, 'usb-FTDI'));
    await symlink(join(folder, 'nowhere'), join(folder, 'usb-gone'));
    const ports = await listSerialPorts(folder);
    expect(ports.slice(0, 3)).toEqual([
      { path: `${folder}/device`, detail: join(folder, 'device') },
      { path: `${folder}/usb-FTDI`, detail: join(folder, 'device') },
      { path: `${folder}/usb-gone`, detail: 'not plugged in' },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a machine without any has an empty list', async () => {
  expect(Array.isArray(await listSerialPorts('/nowhere'))).toBe(true);
});
