import type { Pool } from 'mariadb';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { fleetVersion, loadFleet, type Fleet } from './fleet.ts';

// A slot does not wait for a slow database: it is read with the meters as last known.
const PATIENCE_MS = 250;

/** The fleet in memory: as new as the database says, or the last one known while the database is away. */
export class FleetCache {
  readonly #pool: Pool;
  readonly #log: Logger;
  #fleet: Fleet | null = null;
  #asked = '';
  #away = false;
  #checking: Promise<boolean> | null = null;

  constructor(pool: Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
  }

  /** Looks whether anything changed. */
  async current(): Promise<Fleet> {
    await this.#check();
    return this.#known();
  }

  /** Looks only when the asker knows of another version than this cache has looked for. */
  async seenBy(version: string): Promise<Fleet> {
    if (this.#fleet === null || (version !== this.#fleet.version && version !== this.#asked)) {
      if (await this.#check()) this.#asked = version;
    }
    return this.#known();
  }

  #known(): Fleet {
    if (this.#fleet === null)
      throw new AppError('fleet-unknown', 'The database did not say yet which meters there are.', { retryable: true });
    return this.#fleet;
  }

  /**
   * One look at a time. Whoever has a fleet already waits a moment for it and goes on, and not at all while the database
   * is known to be away; the look ends by itself.
   */
  async #check(): Promise<boolean> {
    this.#checking ??= this.#look().finally(() => {
      this.#checking = null;
    });
    if (this.#fleet === null) return this.#checking;
    if (this.#away) return false;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, false);
    });
    const looked = await Promise.race([this.#checking, patience]);
    clearTimeout(timer);
    this.#away = !looked;
    return looked;
  }

  /** Whether the database answered. */
  async #look(): Promise<boolean> {
    try {
      if (this.#fleet === null || (await fleetVersion(this.#pool)) !== this.#fleet.version) this.#fleet = await loadFleet(this.#pool);
      this.#away = false;
      return true;
    } catch (err) {
      if (this.#fleet === null) throw err;
      this.#log.warn({ err }, 'database away: reading on with the meters as last known');
      return false;
    }
  }
}
