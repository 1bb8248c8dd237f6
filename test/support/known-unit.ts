import modbusSerial from 'modbus-serial';
import type { MeterModel } from '../../src/domain/meter-model.ts';
import type { ProbeAnswer, Probe } from '../../src/domain/model-probes.ts';
import { makeProfile } from '../../src/simulator/profile.ts';
import { startVirtualMeters } from '../../src/simulator/virtual-meters.ts';

const site = { zone: 'Europe/Berlin', latitudeDeg: 52.5, longitudeDeg: 13.4, seed: 7 };
const HALF_A_YEAR_MS = 15_552_000_000;

export interface VirtualUnits {
  ask(unitId: number, probe: Probe): Promise<ProbeAnswer>;
  close(): Promise<void>;
}

/** A virtual meter of each model behind one gateway, asked by a plain client; the first has unit id 1. */
export async function openVirtualUnits(models: readonly MeterModel[], clock: () => number): Promise<VirtualUnits> {
  const base = { atMs: clock() - HALF_A_YEAR_MS, importWh: 1_234_567, exportWh: 0, importVarh: 345_678, peakW: 4_000 };
  const meters = models.map((model, index) => ({
    serial: model.key,
    port: 0,
    unitId: index + 1,
    model,
    profile: makeProfile({ kind: 'household', temperament: 'family', areaM2: 80, seed: index }, site),
    base,
  }));
  const running = await startVirtualMeters(meters, { clock });
  const client = new modbusSerial.default();
  await client.connectTCP('127.0.0.1', { port: running.ports[0] as number });
  return {
    async ask(unitId, probe) {
      client.setID(unitId);
      const read =
        probe.function === 3
          ? client.readHoldingRegisters(probe.address, probe.count)
          : client.readInputRegisters(probe.address, probe.count);
      return read.then(
        ({ data }) => ({ ...probe, kind: 'words', words: data }),
        (err: { modbusCode?: number }) => {
          if (err.modbusCode === undefined) throw err;
          return { ...probe, kind: 'refused', exception: err.modbusCode };
        },
      );
    },
    async close() {
      await new Promise<void>((resolve) => client.close(() => resolve()));
      await running.close();
    },
  };
}
