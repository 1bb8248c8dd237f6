import { Agent, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, type HttpAnswer } from '../../bench/fuzz/ask.ts';
import { hostileAsks, rightAsk, type Given, type HttpAsk } from '../../bench/fuzz/hostile-input.ts';
import { operationsOf, type ApiDocument, type Operation } from '../../bench/fuzz/operations.ts';
import { makeRandom } from '../../bench/fuzz/random.ts';
import { makeOpenApi } from '../../src/api/openapi.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { closeServer, listen, makeHttpServer } from '../../src/api/serve.ts';
import { PERMISSIONS } from '../../src/domain/permission.ts';
import { hashToken } from '../../src/http/actor.ts';
import { makeJudge } from '../support/documented.ts';
import { makePerson, openTestApp, type TestApp, type TestPerson } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';
import { ROWS } from '../unauthorised/rows.ts';

/** Another one asks other wrong things; what fails names the one it failed with. */
const SEED = Number(process.env['WALK_SEED'] ?? 20_261_128);
const PUSH_TOKEN = 'wbp_of-the-walk';

// What cannot be done in these two buildings is answered by its refusal; the tests of each of them do it.
const ONLY_REFUSED = [
  'confirmSecondFactor',
  'createFirstAdministrator',
  'endSession',
  'issueBills',
  'listSerialPorts',
  'openPasswordLink',
  'readMeterNow',
  'renewRecoveryCodes',
  'runBills',
  'sendReport',
  'switchOffSecondFactor',
  'testConnection',
  'tryModel',
  'usePasswordLink',
  'writeRegister',
  'writeToBuilding',
];

const document = makeOpenApi(ROUTES, '0.0.0-test') as unknown as ApiDocument;
const operations = operationsOf(document);
const judge = makeJudge(document);
const done = new Set<string>();
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let running: TestApp;
let world: TwoBuildings;
let server: Server;
let url: string;
let people = 0;

beforeAll(async () => {
  running = await openTestApp();
  world = await makeTwoBuildings(running);
  const { buildingId } = world.a;
  await running.database.prisma.pushSource.create({
    data: { buildingId, kind: 'gateway', name: 'walk', reach: 'W', tokenHash: hashToken(PUSH_TOKEN) },
  });
  server = makeHttpServer(running.app);
  ({ url } = await listen(server, { host: '127.0.0.1', port: 0 }));
});
afterAll(async () => {
  agent.destroy();
  await closeServer(server);
  await running.close();
});

type Credentials = Record<string, string>;
type Person = TestPerson & { id: number };

/** Limits begin anew with each log-in, and all sessions end. */
async function logIn({ email, password }: TestPerson): Promise<Credentials> {
  const body = JSON.stringify({ email, password });
  const headers = { 'content-type': 'application/json' };
  const answer = await ask(url, { method: 'POST', target: '/api/v1/session', headers, body }, agent);
  const { csrfToken } = JSON.parse(answer.body.toString()) as { csrfToken: string };
  return { cookie: answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '', 'x-csrf-token': csrfToken };
}

const LONGEST_SCOPE = 500;

async function tokenOf({ id: userId }: Person, { id, permission }: Operation): Promise<Credentials> {
  const token = `walk-${id}`;
  const scope = [...new Set([permission ?? '', ...PERMISSIONS])].reduce((all, one) =>
    `${all} ${one}`.length <= LONGEST_SCOPE ? `${all} ${one}` : all,
  );
  await running.database.prisma.apiToken.create({ data: { userId, name: token, tokenHash: hashToken(token), scope } });
  return { authorization: `Bearer ${token}` };
}

const PUSHER: Credentials = { authorization: `Bearer ${PUSH_TOKEN}` };
/** Such operations end sessions or change who asks: each of them has people of its own. */
const ABOUT_ONESELF = /session|account|password|first-administrator/;

function newPerson(membership: { role: string; buildingId: number | null } | null): Promise<Person> {
  people += 1;
  return makePerson(running, `walker-${people}@example.org`, membership);
}

interface Callers {
  administrator: Person;
  bySession: Credentials;
  withoutRights: Credentials;
}

async function newCallers(): Promise<Callers> {
  await running.redis.flushdb();
  const administrator = await newPerson({ role: 'administrator', buildingId: null });
  return { administrator, bySession: await logIn(administrator), withoutRights: await logIn(await newPerson(null)) };
}

let callers: Callers | null = null;

/** The ids of everything in the other building, by what they are called. */
const foreign = () => ({ ...world.b, userId: world.people.viewerB.id });

async function rightInput(operation: Operation, administrator: Person): Promise<Given> {
  const route = `${operation.method.toLowerCase()} ${operation.path.replace('/api/v1', '').replace(/{(\w+)}/g, ':$1')}`;
  const row = ROWS.find((one) => one.route === route);
  if (row === undefined) throw new Error(`${route} has no row in test/unauthorised`);
  people += 1;
  const inWorld = { ...world, people: { ...world.people, administrator } };
  const {
    params = {},
    query = {},
    body,
    file,
  } = (await row.ask?.({ test: running, world: inWorld, role: 'administrator', n: people })) ?? {};
  return { params, query, body: body as Given['body'], file };
}

describe.each(operations.map((operation) => [operation.id, operation] as const))('%s', (id, operation) => {
  test('answers right and wrong input, whoever asks, only as it is documented', async () => {
    const random = makeRandom(SEED + operations.indexOf(operation));
    const problems: string[] = [];
    const send = async (who: string, credentials: Credentials, asked: HttpAsk): Promise<HttpAnswer> => {
      const answer = await ask(url, { ...asked, headers: { ...asked.headers, ...credentials } }, agent);
      const problem = judge(operation, answer);
      if (problem !== null) problems.push(`${who}, ${asked.what}: ${asked.method} ${asked.target.slice(0, 200)}: ${problem}`);
      return answer;
    };
    if (callers === null || ABOUT_ONESELF.test(operation.path)) callers = await newCallers();
    const { administrator, withoutRights, bySession } = callers;
    const byToken = await tokenOf(administrator, operation);

    const given = await rightInput(operation, administrator);
    const right = rightAsk(operation, given);
    await send('nobody', {}, right);
    await send('without rights', withoutRights, right);
    await send('a wrong token', { authorization: 'Bearer wrong' }, right);
    const answers = [await send('a gateway', PUSHER, right)];
    for (const asked of hostileAsks(operation, given, foreign(), random).slice(-2)) {
      await send('without rights', withoutRights, asked);
      await send('nobody', {}, asked);
    }
    const hostile = hostileAsks(operation, given, foreign(), random);
    const asAdministrator = (index: number) => (operation.permission === 'pusher' ? PUSHER : index % 2 === 0 ? bySession : byToken);
    await Promise.all(hostile.map((asked, index) => send('administrator', asAdministrator(index), asked)));
    // As new, for the wrong ones may have done something.
    answers.push(await send('a token', byToken, rightAsk(operation, await rightInput(operation, administrator))));
    if (ABOUT_ONESELF.test(operation.path)) callers = await newCallers();
    const last = rightAsk(operation, await rightInput(operation, callers.administrator));
    answers.push(await send('administrator', callers.bySession, last));
    if (ABOUT_ONESELF.test(operation.path)) callers = null;
    if (answers.some(({ status }) => status < 300)) done.add(id);
    expect(problems, `WALK_SEED=${SEED}`).toEqual([]);
  });
});

test('every operation was done at least once, but for those that are refused in an empty building', () => {
  const all = operations.map(({ id }) => id);
  expect(all.filter((id) => !done.has(id))).toEqual(all.filter((id) => ONLY_REFUSED.includes(id)));
});
