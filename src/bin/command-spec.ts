import type { Config } from '../config.ts';

// Each takes the options that are declared for it.
type Action = (config: Config, options: never) => Promise<void>;

export interface CommandSpec {
  does: string;
  /** What stands behind the command, such as `<file>` -> what it is; handed on as an option of that name. */
  given?: Record<string, string>;
  /** Switch -> what it does. */
  options?: Record<string, string>;
  /** Below all that in the help. */
  more?: string;
  load: () => Promise<Action>;
}
