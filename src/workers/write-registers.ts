import { encodeRegister } from '../domain/encode-register.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import { writeRegisters, type RegisterWrite, type WriteResult } from '../modbus/write-registers.ts';
import type { WriteRegistersPayload, WriteReply } from '../queue/line-contract.ts';
import type { AdHocDeps } from './ad-hoc.ts';

/** The register in which a meter wants its password. */
const PASSWORD = 'password';

type Ready = { ok: true; write: RegisterWrite } | { ok: false; detail: string };

function ready(model: MeterModel, quantity: string, value: number): Ready {
  const spec = model.registers.find((one) => one.quantity === quantity);
  if (spec === undefined) return { ok: false, detail: `${model.key} has no ${quantity}` };
  const encoded = encodeRegister(spec, value);
  return encoded.ok ? { ok: true, write: { spec, words: encoded.words } } : { ok: false, detail: `${quantity}: ${encoded.problem}` };
}

/** Writes for a person who was asked twice; checked here once more, next to the meter. */
export function makeWriteRegisters({
  fleet,
  lines,
  findModel,
  clock,
}: AdHocDeps & { findModel(id: number): Promise<MeterModel | null>; clock: () => number }) {
  return async ({ lineId, unitId, modelId, writes, password, deadlineMs }: WriteRegistersPayload): Promise<WriteReply> => {
    const refuse = (reason: string, detail: string): WriteReply => ({ ok: false, reason, detail, latencyMs: 0, written: [] });
    lines.apply(await fleet.current());
    const line = lines.line(lineId);
    if (!line) return refuse('not-here', 'this poller does not own the line');
    const model = await findModel(modelId);
    if (model === null) return refuse('no-model', 'the model was removed meanwhile');
    const first = password === null ? null : ready(model, PASSWORD, password);
    const rest = writes.map(({ quantity, value }) => ready(model, quantity, value));
    for (const one of [...(first === null ? [] : [first]), ...rest]) if (!one.ok) return refuse('not-writable', one.detail);
    const startMs = clock();
    const result = await line.run<WriteResult>(deadlineMs, async (ask) => ({
      result: await writeRegisters(ask, {
        unitId,
        writes: rest.flatMap((one) => (one.ok ? [one.write] : [])),
        password: first?.ok ? first.write : null,
      }),
      // A write is never repeated by itself.
      mayPass: false,
    }));
    const latencyMs = clock() - startMs;
    if (!result.ok) return { ok: false, reason: result.reason, detail: result.detail, latencyMs, written: [] };
    const { written, problem } = result;
    return problem === null ? { ok: true, latencyMs, written } : { ok: false, ...problem, latencyMs, written };
  };
}
