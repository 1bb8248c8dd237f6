import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { addHouseMetrics } from '../../src/api/house-metrics.ts';
import { openMetrics } from '../../src/metrics-registry.ts';
import { measure, MEASURES, type MeasureName } from '../../src/metrics.ts';

const file = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const RULES = file('deploy/prometheus/wattbook.rules.yml');

function promtool(...args: string[]): string {
  return execFileSync('promtool', args, { encoding: 'utf8' });
}

test('promtool takes the scrape configuration and the alerts, and each alert asks for a metric that is there', () => {
  expect(promtool('check', 'config', '--syntax-only', file('deploy/prometheus/prometheus.yml'))).toContain('SUCCESS');
  expect(promtool('check', 'rules', RULES)).toMatch(/SUCCESS: \d+ rules found/);
  const documented = readFileSync(file('docs/metrics.md'), 'utf8');
  for (const [name] of readFileSync(RULES, 'utf8').matchAll(/wattbook_[a-z_]+/g)) expect(documented).toContain(`\`${name}\``);
});

test('promtool finds nothing wrong with the names and the text of the metrics', async () => {
  const metrics = openMetrics('1.0.0');
  for (const name of Object.keys(MEASURES) as MeasureName[]) {
    measure(name, Object.fromEntries(MEASURES[name].labels.map((label) => [label, 'a "quoted"\nlabel'])) as never, 1);
  }
  const house = {
    cadences: [{ pattern: '*/15 * * * *', tickedUntilMs: 0 }],
    meters: new Map([['ok', 3]]),
    incidents: new Map([['meter-silent', 1]]),
    mails: { waiting: 1, oldestMs: 0 },
    dirtyWindows: 2,
    pollers: ['main'],
  };
  const redis = { queues: new Map([['ticks', { jobs: { waiting: 1 }, oldestMs: 0 }]]), heldPollers: new Map([['main', true]]) };
  addHouseMetrics(metrics, async () => ({ database: house, redis }), Date.now);
  const text = await metrics.registry.metrics();
  metrics.close();
  const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { encoding: 'utf8', input: text });
  // 3: the text is right, but a name is not as it should be; these are prom-client's own.
  expect(status).toBe(3);
  expect(stderr.trim().split('\n')).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^nodejs_active_\w+_total /)));
});
