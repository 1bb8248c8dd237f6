import { USUAL_BUS, type Bus } from '../domain/line-place.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import type { Behaviour } from '../domain/virtual-behaviour.ts';
import { AnsweringModel } from './answer-plan.ts';
import type { Ledger } from './ledger.ts';
import type { CounterBase } from './physics.ts';
import type { Profile } from './power-curve.ts';
import { run, type Running } from './running-meter.ts';
import { openGateway, type GatewayPlace, type VirtualGateway } from './virtual-gateway.ts';

export interface VirtualMeter {
  serial: string;
  /** 0 for a free one; meters of one number share a server, also those of 0. */
  port: number;
  /** On that port: Modbus TCP, or raw RTU frames. */
  spoken?: 'mbap' | 'rtu';
  /** In place of a port: RTU on this serial device. */
  serialPath?: string;
  /** Of that device: one speed for all who are on it. */
  bus?: Bus;
  unitId: number;
  model: MeterModel;
  profile: Profile;
  /** Where its counters go on from; without it they begin with the UTC day of the start. */
  base?: CounterBase;
  behaviour?: Behaviour;
}

export interface VirtualMeters {
  /** The ports in use, one per distinct `port` of the meters, in the order in which those first came. */
  ports: number[];
  setBehaviour(serial: string, behaviour: Behaviour): void;
  /** Switches its supply off and on: it takes the unit id that was set. */
  restart(serial: string): void;
  close(): Promise<void>;
}

interface Gateway {
  place: GatewayPlace;
  units: Map<number, Running>;
}

interface Options {
  clock: () => number;
  ledger?: Ledger | undefined;
  host?: string;
  onLost?: ((serialPath: string) => void) | undefined;
}

/** Real Modbus servers on real sockets and serial devices: one per port, each a gateway with its meters behind it. */
export async function startVirtualMeters(meters: readonly VirtualMeter[], options: Options): Promise<VirtualMeters> {
  const models = new Map<MeterModel, AnsweringModel>();
  const bySerial = new Map<string, Running>();
  const gateways = new Map<string | number, Gateway>();
  for (const meter of meters) {
    const model = models.get(meter.model) ?? new AnsweringModel(meter.model);
    models.set(meter.model, model);
    const running = run(meter, model, options.clock());
    const { port, spoken = 'mbap', serialPath, bus = USUAL_BUS } = meter;
    const gateway = gateways.get(serialPath ?? port) ?? {
      place: serialPath === undefined ? { port, spoken } : { serialPath, bus },
      units: new Map(),
    };
    gateways.set(serialPath ?? port, gateway);
    if (gateway.units.has(meter.unitId) || bySerial.has(meter.serial)) {
      throw new Error(
        `Virtual meter ${meter.serial}: its serial, or unit ${meter.unitId} on ${serialPath ?? `port ${port}`}, is there twice.`,
      );
    }
    gateway.units.set(meter.unitId, running);
    bySerial.set(meter.serial, running);
  }
  const opened = await openAll(gateways.values(), options);
  return {
    ports: opened.flatMap(({ port }) => port ?? []),
    setBehaviour(serial, behaviour) {
      const running = bySerial.get(serial);
      if (running) running.behaviour = behaviour;
    },
    restart(serial) {
      const running = bySerial.get(serial);
      const unitId = running?.settings.value('network_node');
      if (!running || unitId == null) return;
      for (const { units } of gateways.values()) {
        const before = [...units].find(([, meter]) => meter === running)?.[0];
        if (before === undefined) continue;
        units.delete(before);
        units.set(unitId, running);
      }
    },
    close: async () => {
      await Promise.all(opened.map((gateway) => gateway.close()));
    },
  };
}

async function openAll(gateways: Iterable<Gateway>, { host = '127.0.0.1', onLost, ...told }: Options): Promise<VirtualGateway[]> {
  const opened: VirtualGateway[] = [];
  try {
    for (const { place, units } of gateways) opened.push(await openGateway(place, { units, told, onLost }, host));
    return opened;
  } catch (err) {
    await Promise.all(opened.map((gateway) => gateway.close()));
    throw err;
  }
}
