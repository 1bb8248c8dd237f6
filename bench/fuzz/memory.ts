import type { Memory, WatchedRole } from './watched-role.ts';

export interface Sample extends Memory {
  seconds: number;
}

export interface MemoryVerdict {
  role: string;
  firstMb: number;
  lastMb: number;
  /** By a straight line through what was measured after the warm-up. */
  riseMb: number;
  allowedMb: number;
  rssMb: number;
  isFlat: boolean;
}

const MB = 2 ** 20;
const WARM_UP = 0.3;
/** Caches fill, and what is under way differs: more than this is a leak. */
const ALLOWED_MB = 12;
const ALLOWED_SHARE = 0.1;
const FEWEST_SAMPLES = 5;

function slopeOf(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number) => samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const [meanX, meanY] = [mean(({ seconds }) => seconds), mean(({ heapBytes }) => heapBytes)];
  const over = samples.reduce((sum, { seconds, heapBytes }) => sum + (seconds - meanX) * (heapBytes - meanY), 0);
  return over / samples.reduce((sum, { seconds }) => sum + (seconds - meanX) ** 2, 0);
}

/** Heap and buffers after a collection each time. Null where there was too little time to say anything. */
export function judgeMemory(role: string, all: readonly Sample[]): MemoryVerdict | null {
  const samples = all.slice(Math.floor(all.length * WARM_UP));
  const [first, last] = [samples[0], samples.at(-1)];
  if (samples.length < FEWEST_SAMPLES || first === undefined || last === undefined) return null;
  const riseMb = (slopeOf(samples) * (last.seconds - first.seconds)) / MB;
  const allowedMb = ALLOWED_MB + (ALLOWED_SHARE * first.heapBytes) / MB;
  const whole = (bytes: number) => Math.round(bytes / MB);
  return {
    ...{ role, firstMb: whole(first.heapBytes), lastMb: whole(last.heapBytes), riseMb: Math.round(riseMb * 10) / 10 },
    ...{ allowedMb: Math.round(allowedMb), rssMb: whole(last.rssBytes), isFlat: riseMb <= allowedMb },
  };
}

/** Measures each role again and again until it is told to end. */
export async function watchMemory(roles: readonly WatchedRole[], everyMs: number, isOver: () => boolean): Promise<Map<string, Sample[]>> {
  const startedMs = performance.now();
  const samples = new Map<string, Sample[]>(roles.map(({ name }) => [name, []]));
  while (!isOver()) {
    await new Promise((resolve) => {
      setTimeout(resolve, everyMs);
    });
    for (const role of roles) {
      if (role.ended() !== null) continue;
      samples.get(role.name)?.push({ ...(await role.memory()), seconds: (performance.now() - startedMs) / 1_000 });
    }
  }
  return samples;
}
