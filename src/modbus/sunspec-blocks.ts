import { failure, late, type Ask, type MeterReading, type MeterRequest, type Turn } from './read-meter.ts';
import { findSunspecBlock, type FoundBlock } from './sunspec-chain.ts';

const ILLEGAL_ADDRESS = 2;

/**
 * Where the SunSpec blocks of the meters of a line lie. A block is looked for once and remembered; the id that comes with
 * every reading says whether it is still there. If not, or if the meter knows no such address, it is looked for anew.
 */
export class SunspecBlocks {
  readonly #clock: () => number;
  readonly #places = new Map<string, number>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** `readAt` reads by a plan whose addresses count from the block; a model with fixed addresses is read as it is. */
  async read(
    ask: Ask,
    { unitId, plan, deadlineMs }: MeterRequest,
    readAt: (ask: Ask) => Promise<Turn<MeterReading>>,
  ): Promise<Turn<MeterReading>> {
    const { sunspec } = plan;
    if (sunspec === null) return readAt(ask);
    const key = `${unitId} ${sunspec}`;
    const remembered = this.#places.get(key);
    let before: Turn<MeterReading> | null = null;
    if (remembered !== undefined) {
      const shifted = shift(ask, remembered);
      const turn = await readAt(shifted.ask);
      if (!isElsewhere(turn, sunspec, shifted)) return placedAt(turn, remembered);
      this.#places.delete(key);
      before = turn;
    }
    const startMs = this.#clock();
    const found = await findSunspecBlock(ask, unitId, sunspec, () => this.#clock() >= deadlineMs);
    if (!found.ok) return asTurn(found, this.#clock() - startMs);
    this.#places.set(key, found.address);
    if (before !== null && !before.result.ok && found.address === remembered) return before;
    const shifted = shift(ask, found.address);
    const turn = await readAt(shifted.ask);
    if (turn.result.ok && isElsewhere(turn, sunspec, shifted)) {
      this.#places.delete(key);
      const detail = `the block of SunSpec model ${sunspec} at register ${found.address} was gone when it was read`;
      return asTurn({ ok: false, why: 'not-here', detail }, turn.result.latencyMs);
    }
    return placedAt(turn, found.address);
  }
}

interface ShiftedAsk {
  ask: Ask;
  /** The meter said that it has no such address. */
  sawIllegalAddress: boolean;
}

function shift(ask: Ask, base: number): ShiftedAsk {
  const shifted: ShiftedAsk = {
    sawIllegalAddress: false,
    ask: async (request) => {
      const reply = await ask({ ...request, address: request.address + base });
      if (!reply.ok && reply.reason === 'refused' && reply.exception === ILLEGAL_ADDRESS) shifted.sawIllegalAddress = true;
      return reply;
    },
  };
  return shifted;
}

function isElsewhere({ result }: Turn<MeterReading>, sunspec: number, { sawIllegalAddress }: ShiftedAsk): boolean {
  if (!result.ok) return sawIllegalAddress;
  const first = result.blocks.find((block) => block.function === 3 && block.address === 0);
  return first?.words[0] !== sunspec;
}

/** Addresses as they went over the wire. */
function placedAt(turn: Turn<MeterReading>, base: number): Turn<MeterReading> {
  if (!turn.result.ok) return turn;
  const blocks = turn.result.blocks.map((block) => ({ ...block, address: block.address + base }));
  return { ...turn, result: { ...turn.result, blocks } };
}

function asTurn(found: FoundBlock & { ok: false }, latencyMs: number): Turn<never> {
  switch (found.why) {
    case 'late':
      return late('the deadline passed while the SunSpec block was looked for', latencyMs);
    case 'failed':
      return failure(found.reply, latencyMs);
    case 'not-here':
      return { result: { ok: false, reason: 'refused', detail: found.detail, latencyMs }, mayPass: false };
  }
}
