import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/running.ts';
import { ROLES, startWatchedProcesses, type Role } from '../support/watched-processes.ts';

let watched: Awaited<ReturnType<typeof startWatchedProcesses>>;
beforeAll(async () => {
  watched = await startWatchedProcesses({});
});
afterAll(() => watched.close());

interface Described {
  name: string;
  kind: string;
  labels: string[];
}

function documented(): Described[] {
  const rows = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8').matchAll(/^\| `([a-z_]+)` \| (\w+) \| (.*?) ?\|/gm);
  const names = [...rows].map(([, name = '', kind = '', labels = '']) => ({
    name,
    kind,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
  }));
  return names.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Name -> its labels in this sample. */
function samples(text: string): { name: string; labels: Record<string, string>; value: number }[] {
  return text.split('\n').flatMap((line) => {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!found) return [];
    const labels = [...(found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [label, value]);
    return [{ name: found[1] ?? '', labels: Object.fromEntries(labels) as Record<string, string>, value: Number(found[3]) }];
  });
}

const ownTypes = (text: string) =>
  [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', kind = '']) =>
    /^(process|nodejs)_/.test(name) ? [] : [{ name, kind }],
  );

async function valueOf(role: Role, name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const all = samples(await watched.metricsOf(role));
  return all.find((each) => each.name === name && Object.entries(labels).every(([label, value]) => each.labels[label] === value))?.value;
}

const grows = (role: Role, name: string, labels: Record<string, string>, least = 2) =>
  eventually(
    () => valueOf(role, name, labels),
    (value) => (value ?? 0) >= least,
  );

test('each process tells how it does, to who has the token', async () => {
  for (const role of ROLES) {
    expect(await watched.statusWith(role, 'the token of somebody else')).toBe(401);
    expect(await valueOf(role, 'wattbook_build_info')).toBe(1);
    expect(await valueOf(role, 'process_resident_memory_bytes')).toBeGreaterThan(0);
  }
});

test('a slot is counted from its tick to its reading, and the server tells how the house does', async () => {
  await grows('poller', 'wattbook_reads_total', { result: 'ok' });
  await grows('poller', 'wattbook_outcomes_total', { outcome: 'reading' });
  await grows('poller', 'wattbook_batch_items_count', { of: 'outcomes' });
  await grows('poller', 'wattbook_reading_lateness_seconds_count', {});
  await grows('poller', 'wattbook_job_duration_seconds_count', { queue: 'poller-main', job: 'read-meter', result: 'completed' });
  await grows('scheduler', 'wattbook_job_duration_seconds_count', { queue: 'ticks', job: 'tick', result: 'completed' });
  expect(await valueOf('scheduler', 'wattbook_tick_lateness_seconds', { cadence: '1s' })).toBeGreaterThanOrEqual(0);
  await grows('worker', 'wattbook_job_duration_seconds_count', { queue: 'settle', job: 'settle' }, 1);
  await grows('server', 'wattbook_meters', { state: 'ok' });
  await grows('server', 'wattbook_poller_held', { poller: 'main' }, 1);
  expect(await valueOf('server', 'wattbook_queue_jobs', { queue: 'ticks', state: 'completed' })).toBeGreaterThan(0);
  expect(await valueOf('server', 'wattbook_queue_oldest_job_age_seconds', { queue: 'send-mail' })).toBe(0);
  expect(await valueOf('server', 'wattbook_outbox_mails')).toBe(0);
  const last = await valueOf('server', 'wattbook_tick_last_timestamp_seconds', { cadence: '1s' });
  expect(await valueOf('server', 'wattbook_tick_due_timestamp_seconds', { cadence: '1s' })).toBeGreaterThan(last ?? Infinity);
});

test('what is exported is what docs/metrics.md has, and no label names a meter', async () => {
  await fetch(`${watched.pagesUrl}/api/v1/meters/${watched.house.meters[0]?.meterId}`);
  const texts = await Promise.all(ROLES.map((role) => watched.metricsOf(role)));
  const types = new Map(texts.flatMap(ownTypes).map(({ name, kind }) => [name, kind]));
  const table = documented();
  expect([...types].map(([name, kind]) => ({ name, kind })).toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
    table.map(({ name, kind }) => ({ name, kind })),
  );
  for (const { name, labels } of texts.flatMap(samples)) {
    const described = table.find((each) => [each.name, ...['_bucket', '_sum', '_count'].map((part) => each.name + part)].includes(name));
    if (described === undefined) continue;
    expect(name.endsWith('_bucket') ? [...described.labels, 'le'] : described.labels).toEqual(expect.arrayContaining(Object.keys(labels)));
    expect(Object.values(labels)).not.toContainEqual(expect.stringMatching(/Watched|127\.|:\d/));
  }
  const routes = texts.flatMap(samples).filter(({ name }) => name === 'http_request_duration_seconds_count');
  expect(routes.map(({ labels }) => labels)).toContainEqual({ method: 'GET', route: '/meters/:meterId', status_code: '401' });
});

test('metrics are answered while database and Redis hang, and say so', async () => {
  watched.doors.database.hold();
  const without = samples(await watched.metricsOf('server'));
  const named = (name: string) => without.filter((each) => each.name === name);
  expect(named('wattbook_dependency_up').map(({ labels, value }) => [labels['dependency'], value])).toEqual([
    ['database', 0],
    ['redis', 1],
  ]);
  expect(named('wattbook_outbox_mails')).toEqual([]);
  expect(named('wattbook_queue_jobs')).not.toEqual([]);
  watched.doors.redis.hold();
  expect(await valueOf('server', 'wattbook_dependency_up', { dependency: 'redis' })).toBe(0);
  for (const role of ROLES) expect(await valueOf(role, 'wattbook_build_info')).toBe(1);
  watched.doors.database.release();
  watched.doors.redis.release();
  for (const dependency of ['database', 'redis']) await grows('server', 'wattbook_dependency_up', { dependency }, 1);
});
