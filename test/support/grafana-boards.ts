import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../deploy/grafana/', import.meta.url);
const UNIT_S: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

export interface BoardVariable {
  name: string;
  query: string;
  multi: boolean;
  includeAll: boolean;
}

export interface BoardPanel {
  title: string;
  /** The least interval it asks for. */
  interval?: string;
  datasource: { type: string; uid: string };
  targets: { rawSql: string; format: string; datasource: { type: string; uid: string } }[];
}

export interface Board {
  uid: string;
  title: string;
  templating: { list: BoardVariable[] };
  panels: BoardPanel[];
}

export function readDeployed(path: string): string {
  return readFileSync(new URL(path, FOLDER), 'utf8');
}

export function readBoards(): Board[] {
  const names = readdirSync(new URL('dashboards/', FOLDER)).filter((name) => name.endsWith('.json'));
  return names.map((name) => JSON.parse(readDeployed(`dashboards/${name}`)) as Board);
}

export interface Asked {
  fromMs: number;
  toMs: number;
  interval: string;
  /** What is chosen, as text. */
  variables: ReadonlyMap<string, string>;
}

/** Several values are quoted one by one, a single one stands as it is: so does Grafana's MySQL data source. */
export function variableText({ multi, includeAll }: BoardVariable, values: readonly (string | number)[]): string {
  if (!multi && !includeAll) return String(values[0]);
  return values.map((value) => `'${String(value).replaceAll("'", "''")}'`).join(',');
}

function seconds(interval: string): number {
  const [, count, unit] = /^'?(\d+)([smhd])'?$/.exec(interval) ?? [];
  if (unit === undefined) throw new Error(`Not an interval of Grafana: ${interval}`);
  return Number(count) * UNIT_S[unit]!;
}

/** A query as the database gets it: variables first, then macros, as Grafana's MySQL data source writes them. */
export function expandQuery(sql: string, { fromMs, toMs, interval, variables }: Asked): string {
  const [from, to] = [fromMs, toMs].map((ms) => `FROM_UNIXTIME(${Math.floor(ms / 1000)})`) as [string, string];
  const group = (column: string, size: string) => `UNIX_TIMESTAMP(${column}) DIV ${seconds(size)} * ${seconds(size)}`;
  const macros: Record<string, (...args: string[]) => string> = {
    __timeFilter: (column = '') => `${column} BETWEEN ${from} AND ${to}`,
    __timeFrom: () => from,
    __timeTo: () => to,
    __timeGroup: (column = '', size = '') => group(column, size),
    __timeGroupAlias: (column = '', size = '') => `${group(column, size)} AS "time"`,
  };
  const known = new Map([...variables, ['__interval', interval]]);
  const filled = sql.replaceAll(/\$(\w+)(?!\w|\()/g, (all, name: string) => known.get(name) ?? all);
  const expanded = filled.replaceAll(/\$(\w+)\(([^)]*)\)/g, (all, name: string, args: string) => {
    const macro = macros[name];
    if (!macro) throw new Error(`Grafana's MySQL data source has no macro ${all}`);
    return macro(...args.split(',').map((arg) => arg.trim()));
  });
  const left = /\$\{?\w*/.exec(expanded);
  if (left) throw new Error(`The board has no variable ${left[0]}`);
  return expanded;
}
