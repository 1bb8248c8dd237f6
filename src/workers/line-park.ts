import { withDistinctBlocks } from '../domain/distinct-blocks.ts';
import type { LineHealth } from '../domain/line-health.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import { planReads, type ReadPlan } from '../domain/read-plan.ts';
import type { Logger } from '../logger.ts';
import { Line, type LineSettings } from '../modbus/line.ts';
import type { Fleet, FleetMeter } from '../store/fleet.ts';

/** All that is needed to ask one meter; a model that cannot be read says why in place of its plan. */
export interface Target {
  meter: FleetMeter;
  line: Line;
  plan: ReadPlan | { unreadable: string };
}

export interface LineParkOptions {
  poller: string;
  clock: () => number;
  log: Logger;
  /** Asked before each request: false once another process reads the lines. */
  isOurs: () => boolean;
}

/** The lines that this poller owns, open as long as their settings stay the same. */
export class LinePark {
  readonly #poller: string;
  readonly #clock: () => number;
  readonly #log: Logger;
  readonly #isOurs: () => boolean;
  readonly #lines = new Map<number, { settings: string; line: Line }>();
  #targets = new Map<number, Target>();
  #fleet: Fleet | null = null;

  constructor({ poller, clock, log, isOurs }: LineParkOptions) {
    this.#poller = poller;
    this.#clock = clock;
    this.#log = log;
    this.#isOurs = isOurs;
  }

  get meters(): number {
    return this.#targets.size;
  }

  target(meterId: number): Target | null {
    return this.#targets.get(meterId) ?? null;
  }

  line(lineId: number): Line | null {
    return this.#lines.get(lineId)?.line ?? null;
  }

  health(): Map<number, LineHealth> {
    return new Map([...this.#lines].map(([id, { line }]) => [id, line.health()]));
  }

  apply(fleet: Fleet): void {
    if (fleet === this.#fleet) return;
    this.#fleet = fleet;
    const own = [...fleet.lines.values()].filter((line) => line.poller === this.#poller);
    const wanted = new Map(own.map(({ poller: _, ...settings }) => [settings.id, settings]));
    const left = [...this.#lines].filter(([id, { settings }]) => settings !== textOf(wanted.get(id)));
    for (const [id] of left) this.#lines.delete(id);
    // A gateway that takes one connection is let go by the old line before the new one comes.
    const isFree = Promise.all(left.map(([id, { line }]) => this.#closeLine(id, line)));
    for (const settings of wanted.values()) {
      if (this.#lines.has(settings.id)) continue;
      const options = { clock: this.#clock, log: this.#log, isOurs: this.#isOurs, isFree };
      this.#lines.set(settings.id, { settings: textOf(settings), line: new Line(settings, options) });
    }
    this.#targets = this.#aim(fleet);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ line }) => line.close()));
  }

  async #closeLine(lineId: number, line: Line): Promise<void> {
    try {
      await line.close();
    } catch (err) {
      this.#log.warn({ err, lineId }, 'line did not close');
    }
  }

  #plan(model: MeterModel, holes: FleetMeter['holes'], line: Line): Target['plan'] {
    try {
      const plan = planReads(model, undefined, holes);
      return line.settings.transport === 'tcp' ? plan : withDistinctBlocks(plan, model, holes);
    } catch (err) {
      this.#log.error({ err, model: model.key }, 'model cannot be read');
      return { unreadable: err instanceof Error ? err.message : String(err) };
    }
  }

  #aim(fleet: Fleet): Map<number, Target> {
    // Meters of one model that refuse the same registers share a plan over one kind of line, and with it how it is decoded.
    const plans = new Map<string, Target['plan']>();
    return new Map(
      fleet.meters.flatMap((meter) => {
        const line = this.line(meter.lineId);
        const model = fleet.models.get(meter.modelId);
        if (!line || !model) return [];
        const key = `${meter.modelId} ${line.settings.transport} ${JSON.stringify(meter.holes)}`;
        const plan = plans.get(key) ?? this.#plan(model, meter.holes, line);
        plans.set(key, plan);
        return [[meter.meterId, { meter, line, plan }] as const];
      }),
    );
  }
}

/** A new name is no reason to leave a round. */
function textOf(settings: LineSettings | undefined): string {
  return settings === undefined ? '' : JSON.stringify({ ...settings, name: '' });
}
