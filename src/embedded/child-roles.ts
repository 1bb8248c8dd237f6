import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { AppError } from '../errors.ts';
import type { LogFiles } from './log-file.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const STEADY_MS = 60_000;
const POLITE_MS = 15_000;

export interface RoleOptions {
  program: string;
  env: Record<string, string | undefined>;
  logs: LogFiles;
  /** What a child sends besides being ready. */
  onMessage(message: unknown): void;
  onSentence(sentence: string): void;
}

export interface ChildRole {
  /** Settles when the child has said that it is ready; rejects when it ends before that for the first time. */
  ready: Promise<void>;
  stop(): Promise<void>;
}

/** Keeps one process of this program alive. It ends with this process, even if that is killed: the channel between them breaks. */
export function keepRole(role: string, options: RoleOptions): ChildRole {
  let child: ChildProcess | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let settled = false;
  let sayReady!: () => void;
  let sayFailed!: (err: AppError) => void;
  const ready = new Promise<void>((resolve, reject) => {
    sayReady = resolve;
    sayFailed = reject;
  });
  let gone = Promise.resolve();

  const start = () => {
    const startedAt = performance.now();
    const output = options.logs.open(role);
    // `detached`: Ctrl-C reaches the launcher only, which ends its children in order.
    const process_ = spawn(process.execPath, ['--enable-source-maps', options.program, role], {
      env: options.env,
      stdio: ['ignore', output, output, 'ipc'],
      detached: true,
    });
    closeSync(output);
    child = process_;
    process_.on('message', (message) => {
      if ((message as { kind?: unknown }).kind !== 'ready') return options.onMessage(message);
      settled = true;
      sayReady();
    });
    gone = new Promise((resolve) => {
      process_.once('error', () => resolve());
      process_.once('exit', (code, signal) => {
        resolve();
        if (stopping) return;
        if (!settled) return sayFailed(neverReady(role, options.logs.file(role)));
        if (performance.now() - startedAt > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
        options.onSentence(
          `The ${role} ended (${signal ?? code}) and starts again in ${pauseMs / 1000} s; its log: ${options.logs.file(role)}`,
        );
        timer = setTimeout(start, pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      });
    });
  };
  start();
  return {
    ready,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      child?.kill('SIGTERM');
      const kill = setTimeout(() => child?.kill('SIGKILL'), POLITE_MS);
      await gone;
      clearTimeout(kill);
    },
  };
}

function neverReady(role: string, logFile: string): AppError {
  const last = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  return new AppError('role-failed', `The ${role} does not start: ${last} (its log: ${logFile})`);
}
