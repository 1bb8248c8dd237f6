import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueues } from '../../src/queue/queues.ts';
import { startOtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.ts';
import { eventually } from '../support/running.ts';
import { ROLES, startWatchedProcesses, type Role } from '../support/watched-processes.ts';

let watched: Awaited<ReturnType<typeof startWatchedProcesses>>;
let collector: Awaited<ReturnType<typeof startOtlpReceiver>>;
beforeAll(async () => {
  collector = await startOtlpReceiver();
  watched = await startWatchedProcesses({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of%20the%20collector',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    OTEL_BSP_SCHEDULE_DELAY: '250',
  });
});
afterAll(async () => {
  await watched.close();
  await collector.close();
});

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

/** What came of a tick, as far as it has arrived. */
function slotOf(tick: ReceivedSpan) {
  const all = collector.spans.filter(({ traceId }) => traceId === tick.traceId);
  const below = (parent: ReceivedSpan | undefined, name: string) =>
    all.filter((span) => span.name === name && span.parentId === parent?.spanId);
  const reads = below(tick, 'read-meter').map((read) => ({
    read,
    waits: below(read, 'wait for the line'),
    requests: below(read, 'modbus request'),
  }));
  const commits = reads
    .flatMap(({ read }) => below(read, 'commit outcomes'))
    .map((batch) => {
      const transactions = below(batch, 'database transaction');
      return { batch, transactions, commits: transactions.flatMap((each) => below(each, 'database commit')) };
    });
  return { all, reads, queued: below(tick, 'wait in the queue'), commits };
}

test('what came of one slot is one trace, from its tick to the commit of its readings', async () => {
  const isWhole = ({ reads, queued, commits }: ReturnType<typeof slotOf>) =>
    queued.length === 2 &&
    reads.length === 2 &&
    reads.every(({ read, waits, requests }) => {
      const isLinked = commits.some(({ batch, commits: committed }) => batch.links.includes(read.spanId) && committed.length > 0);
      return isLinked && waits.length > 0 && requests.length > 0;
    });
  const slot = await eventually(
    () =>
      collector.spans
        .filter(({ name }) => name === 'tick')
        .map(slotOf)
        .find(isWhole),
    (found) => found !== undefined,
  );
  const { all, reads, commits } = slot!;
  const tick = all.find(({ name }) => name === 'tick')!;
  expect(tick).toMatchObject({ service: 'wattbook-scheduler', parentId: null, failed: false });
  expect(tick.attributes['wattbook.cadence']).toBe('1s');
  expect(all.filter(({ parentId }) => parentId !== null && !all.some(({ spanId }) => spanId === parentId))).toEqual([]);
  expect(reads.map(({ read }) => Number(read.attributes['wattbook.meter.id'])).toSorted((a, b) => a - b)).toEqual(
    watched.house.meters.map(({ meterId }) => meterId),
  );
  for (const { read, requests } of reads) {
    expect(read).toMatchObject({ service: 'wattbook-poller', failed: false });
    const own = commits.find(({ batch }) => batch.links.includes(read.spanId))!;
    // Of one clock in whole milliseconds.
    const starts = [tick, read, ...requests, ...own.commits].map(({ startNs }) => startNs);
    expect(starts).toEqual(starts.toSorted((a, b) => Number(a - b)));
  }
  const at = new Date(String(reads[0]?.read.attributes['wattbook.slot']));
  expect(await watched.database.prisma.reading.count({ where: { at } })).toBe(2);
  expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer of the collector' });
});

test('a message is traced from when it came to its commit, and a request by its route', async () => {
  const queues = openQueues(watched.redisUrl, () => {});
  const queue = queues.all().find(({ name }) => name === 'ingest');
  await queue?.add('values', { timestamp: Date.now(), device_id: 'sensor of nobody', measurement_value: 0.5 });
  await queues.close();
  const chain = ['values', 'message', 'commit messages', 'database transaction', 'database commit'];
  const follow = (): (ReceivedSpan | undefined)[] => {
    const spans = collector.spans.filter(({ service }) => service === 'wattbook-worker');
    const found = [spans.find(({ name }) => name === 'values')];
    for (const next of chain.slice(1)) found.push(spans.find(({ name, parentId }) => name === next && parentId === found.at(-1)?.spanId));
    return found;
  };
  const spans = await eventually(follow, (found) => found.every((span) => span !== undefined));
  expect(new Set(spans.map((span) => span?.traceId)).size).toBe(1);
  await fetch(`${watched.pagesUrl}/api/v1/meters/7?token=secret`);
  const request = await eventually(
    () => collector.spans.find(({ name }) => name === 'GET /meters/:meterId'),
    (found) => found !== undefined,
  );
  expect(request).toMatchObject({ service: 'wattbook-server', attributes: { 'http.response.status_code': 401 } });
  expect(JSON.stringify(request?.attributes)).not.toContain('secret');
});

test('without a collector meters are read on, what is dropped is counted and said once, and told to the next one', async () => {
  const { port } = collector;
  await collector.close();
  await grows('poller', 'wattbook_trace_spans_dropped_total', {}, 100);
  const read = (await valueOf('poller', 'wattbook_outcomes_total', { outcome: 'reading' })) ?? 0;
  await grows('poller', 'wattbook_outcomes_total', { outcome: 'reading' }, read + 4);
  const said = (what: string) => watched.logOf('poller').split(what).length - 1;
  expect(said('traces do not leave') - said('traces leave again')).toBe(1);
  collector = await startOtlpReceiver(port);
  await eventually(
    () => watched.logOf('poller'),
    (log) => log.includes('traces leave again'),
  );
  await eventually(
    () => collector.spans.map(({ name }) => name),
    (names) => names.includes('read-meter'),
  );
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

test('the processes end in order while their collector hangs', async () => {
  collector.hang();
  expect(await watched.stop()).toEqual(ROLES.map(() => 0));
  expect(watched.logOf('poller')).not.toContain('could not stop in time');
});
