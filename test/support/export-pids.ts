import { readFileSync } from 'node:fs';

/** The processes of this one that make files. */
export function exportPids(): number[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return children.filter((pid) => pid !== '' && textOf(`/proc/${pid}/cmdline`).includes('bin/export.js')).map(Number);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}

export const memoryKb = (pid: number) => Number(/VmHWM:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0);
export const writtenBytes = (pid: number) => Number(/wchar: (\d+)/.exec(textOf(`/proc/${pid}/io`))?.[1]);
