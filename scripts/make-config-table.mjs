// Makes the configuration table of the README out of src/config.ts, between two markers.
// `node scripts/make-config-table.mjs` writes it; with `--check` it fails when the table is not that of the code.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = join(ROOT, 'README.md');
const BEGIN = '<!-- configuration: made by scripts/make-config-table.mjs -->';
const END = '<!-- /configuration -->';

function defaultOf(field) {
  const { success, data } = field.safeParse(undefined);
  if (!success || data === undefined) return '';
  return `\`${typeof data === 'boolean' ? Number(data) : data}\``;
}

function row(...cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function tableOf(schema) {
  const fields = Object.entries(schema.shape);
  const silent = fields.filter(([, field]) => !field.description).map(([name]) => name);
  if (silent.length > 0) throw new Error(`src/config.ts describes nothing at ${silent.join(', ')}.`);
  return [
    row('variable', 'default', 'what it does'),
    row('---', '---', '---'),
    ...fields.map(([name, field]) => row(`\`${name}\``, defaultOf(field), field.description)),
  ].join('\n');
}

/** The text with the table between its markers made anew. */
function withTable(text, table) {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md lacks the markers ${BEGIN} and ${END}.`);
  return `${text.slice(0, from)}${BEGIN}\n${table}\n${text.slice(to)}`;
}

const options = { root: ROOT, configFile: false, logLevel: 'error' };
const { module: config } = await runnerImport(join(ROOT, 'src', 'config.ts'), options);
const present = readFileSync(README, 'utf8');
const wanted = withTable(present, tableOf(config.CONFIG_SCHEMA));
if (present !== wanted) {
  if (process.argv.includes('--check')) {
    console.error('The configuration table of README.md is not that of src/config.ts.');
    process.exit(1);
  }
  writeFileSync(README, wanted);
}
