import { HOUR_MS } from './calendar.ts';
import { SITE } from './demo-plan.ts';
import { etlFrame, type EtlSentKind } from './etl-frame.ts';
import { chance, seedOf } from './noise.ts';
import { MeterPhysics } from './physics.ts';
import { makeProfile } from './profile.ts';
import { PROFILES, profileSpec } from './served-meters.ts';

export interface SentMessage {
  topic: string;
  payload: Buffer;
}

export interface EtlSender {
  id: string;
  /** What it sends each time. */
  kinds: readonly EtlSentKind[];
  messages(measuredMs: number, sentMs: number): SentMessage[];
}

interface SendersPlan {
  zone: string;
  count: number;
  kinds: readonly EtlSentKind[];
  /** Its counters begin at 0 then. */
  sinceMs: number;
}

/** Of what a meter can notice by itself: over-voltage, power exceeded, limiter tripped, tampering, network trouble. */
const ALARMS = [4, 9, 10, 12, 13];
const ALARMED_HOURS = 0.05;

/** Meters that send: each measures one wiring, of three phases or one, and all of them report their alarms. */
export function etlSenders({ zone, count, kinds, sinceMs }: SendersPlan): EtlSender[] {
  const measuring = kinds.filter((kind) => kind !== 30);
  return Array.from({ length: count }, (_, index) => {
    const id = `SIM${String(index + 1).padStart(5, '0')}`;
    const own = measuring[index % measuring.length];
    const sent = [...(own === undefined ? [] : [own]), ...(kinds.includes(30) ? [30 as const] : [])];
    const profile = makeProfile(profileSpec(PROFILES[index % PROFILES.length]!, index + 1), SITE);
    const base = { atMs: sinceMs, importWh: 0, exportWh: 0, importVarh: 0, peakW: 0 };
    const physics = new MeterPhysics(profile, base, { phases: own === 21 ? 1 : 3, seed: id });
    return {
      id,
      kinds: sent,
      messages(measuredMs, sentMs) {
        const moment = physics.at(measuredMs);
        const alarms = alarmsOf(id, measuredMs);
        return sent.map((kind) => ({
          topic: `${zone}/${own === 21 ? 'mono' : 'tri'}/${id}/wattbook/${kind === 30 ? 'A' : 'E'}`,
          payload: etlFrame({ kind, measuredMs, sentMs, moment, alarms }),
        }));
      },
    };
  });
}

/** Now and then one for an hour. */
function alarmsOf(id: string, ms: number): number[] {
  const seed = seedOf(`alarms ${id}`);
  const hour = Math.floor(ms / HOUR_MS);
  if (chance(seed, hour) >= ALARMED_HOURS) return [];
  return [ALARMS[Math.floor(chance(seed, hour, 1) * ALARMS.length)]!];
}
