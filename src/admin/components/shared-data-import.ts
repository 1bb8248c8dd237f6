import { useEffect, useState } from 'react';
import type { DataImport } from '../../generated/api-client.ts';
import { callRest } from './shared-rest';

export type ImportKind = 'readings' | 'mmetering' | 'emdc' | 'emm';
/** By the role of each. */
export type ChosenFiles = Record<string, File>;

export interface ImportWish {
  kind: ImportKind;
  files: ChosenFiles;
  options: Record<string, string | boolean>;
}

export interface DataImportState {
  /** Being sent: per cent; null otherwise. */
  sent: number | null;
  problem: string;
  current: DataImport | null;
  recent: DataImport[];
  send(wish: ImportWish): Promise<void>;
  store(): Promise<void>;
  discard(): Promise<void>;
  open(one: DataImport): void;
}

const PART_BYTES = 1024 * 1024;
const MOST_BYTES = 512 * 1024 * 1024;
const LOOK_MS = 1_000;

const sizeOf = (files: ChosenFiles): number => Object.values(files).reduce((sum, { size }) => sum + size, 0);

export function isRunning(one: DataImport | null): boolean {
  return one?.state === 'checking' || one?.state === 'storing';
}

async function sendParts(files: ChosenFiles, importId: number, onPart: (percent: number) => void): Promise<string> {
  const total = sizeOf(files);
  let done = 0;
  for (const [role, file] of Object.entries(files)) {
    for (let at = 0; at < file.size; at += PART_BYTES) {
      onPart(Math.floor((100 * (done + at)) / total));
      const query = new URLSearchParams({ importId: String(importId), file: role, part: String(at / PART_BYTES) });
      try {
        const answer = await fetch(`/api/v1/imports/parts?${query}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/octet-stream' },
          body: await file.slice(at, at + PART_BYTES).arrayBuffer(),
        });
        if (!answer.ok) return ((await answer.json()) as { detail?: string }).detail ?? `${file.name} could not be sent.`;
      } catch {
        // Also when the file was saved again or removed meanwhile: browsers then do not read it.
        return `${file.name} could not be sent. If you saved it again meanwhile, choose it once more.`;
      }
    }
    done += file.size;
  }
  return '';
}

/** Old data on its way: sent in parts, looked through by a job, stored by another one. */
export function useDataImport(): DataImportState {
  const [sent, setSent] = useState<number | null>(null);
  const [problem, setProblem] = useState('');
  const [current, setCurrent] = useState<DataImport | null>(null);
  const [recent, setRecent] = useState<DataImport[]>([]);
  const running = isRunning(current);

  async function look(): Promise<void> {
    const answer = await callRest<{ items: DataImport[] }>('GET', '/imports');
    if (!answer.ok) return;
    setRecent(answer.body.items);
    setCurrent((shown) => answer.body.items.find(({ id }) => id === shown?.id) ?? shown);
  }
  useEffect(() => void look(), []);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [running]);

  async function send({ kind, files, options }: ImportWish): Promise<void> {
    setProblem('');
    setCurrent(null);
    if (sizeOf(files) > MOST_BYTES) return setProblem('This is more than 512 MB: import it on the server, with the command wattbook.');
    setSent(0);
    const sizes = Object.fromEntries(Object.entries(files).map(([role, { name, size }]) => [role, { name, bytes: size }]));
    const announced = await callRest<DataImport>('POST', '/imports', { kind, files: sizes, ...options });
    const failed = announced.ok ? await sendParts(files, announced.body.id, setSent) : announced.problem;
    setSent(null);
    if (!announced.ok || failed) {
      if (announced.ok) await callRest('DELETE', `/imports/${announced.body.id}`);
      return setProblem(failed);
    }
    await turn('POST', `/imports/${announced.body.id}/check`);
  }

  async function turn(method: 'POST', path: string): Promise<void> {
    const answer = await callRest<DataImport>(method, path);
    if (answer.ok) setCurrent(answer.body);
    else setProblem(answer.problem);
    await look();
  }

  return {
    sent,
    problem,
    current,
    recent,
    send,
    store: () => turn('POST', `/imports/${current?.id}/store`),
    async discard() {
      if (!current) return;
      const answer = await callRest('DELETE', `/imports/${current.id}`);
      setProblem(answer.ok ? '' : answer.problem);
      if (answer.ok) setCurrent(null);
      await look();
    },
    open: (one) => {
      setProblem('');
      setCurrent(one);
    },
  };
}
