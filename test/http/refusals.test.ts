import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes.ts';
import { namedBy, SENTENCES, type RefusalName } from '../../src/domain/refusal.ts';
import { languageAsked } from '../../src/http/problem.ts';
import { logInAs, makePerson, openTestApp, type TestApp, type TestPerson } from '../support/test-app.ts';

/** What the pages never meet: it stays in English, with the back office. */
const OFFICE_ONLY = ['src/config.ts', 'src/api/metrics.ts', 'src/use-cases/rights.ts', 'src/http/office-guard.ts'];
/** What is said in a language by its kind alone. */
const PLAIN_KINDS = ['NotFound', 'Forbidden()', 'Unauthorised()'];
/** Where each problem was said before all of them are refused. */
const SAID_BEFORE = ['src/use-cases/create-flats.ts', 'src/use-cases/line-fields.ts'];
/** Of files that the pages reach, what only the back office, a worker or a start meets. */
const OFFICE_SENTENCES = [
  'cannot be removed: it still has',
  'is locked out: make the user active first',
  'has a password already',
  'has no codes switched on',
  "'cannot-listen'",
  "'wrong-answer'",
];

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const read = (file: string) => readFileSync(file, 'utf8');

function importsOf(file: string): { names: string[]; file: string }[] {
  return [...read(file).matchAll(/^import (?!type)([^;]*?) from '(\.[^']+)'/gm)].map(([, names = '', path = '']) => ({
    names: names
      .replaceAll(/[{}]|\btype /g, '')
      .split(',')
      .map((name) => name.trim()),
    file: normalize(join(dirname(file), path)),
  }));
}

/** `readUsage` is the client's word for `get /flats/:flatId/usage`. */
function routesOfPages(): Set<string> {
  const asked = new Set(filesBelow('src/web').flatMap((file) => [...read(file).matchAll(/\bapi\.(\w+)\(/g)].map(([, name]) => name)));
  const client = read('src/generated/api-client.ts');
  const declared = [...client.matchAll(/^ {4}(\w+): .*?call<.*?>\('(\w+)', '\/api\/v1([^']*)'/gm)];
  return new Set(
    declared.flatMap(([, name, method = '', path = '']) =>
      asked.has(name) ? [`${method.toLowerCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`] : [],
    ),
  );
}

/** Everything that answers the pages: the routes they ask, what those call, the chat, and what stands in front of all. */
function filesBehindThePages(): Set<string> {
  const asked = routesOfPages();
  const first = [...filesBelow('src/chat'), ...filesBelow('src/http'), ...['ad-hoc', 'live'].map((name) => `src/queue/${name}.ts`)];
  first.push('src/api/app.ts', 'src/api/contract.ts', 'src/api/download-limit.ts', 'src/sheets/export-process.ts');
  for (const file of filesBelow('src/api/routes')) {
    for (const block of read(file)
      .split(/\n {2}route\(\{/)
      .slice(1)) {
      const [, method, path] = /method: '(\w+)',\s+path: '([^']+)'/.exec(block) ?? [];
      if (!asked.has(`${method} ${path}`)) continue;
      for (const { names, file: called } of importsOf(file)) if (names.some((name) => block.includes(name))) first.push(called);
    }
  }
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file) || !existsSync(file) || file.includes('/generated/') || file.includes('/api/routes/')) return;
    found.add(file);
    for (const called of importsOf(file)) visit(called.file);
  };
  for (const file of first) visit(file);
  return found;
}

test('every refusal that the pages can meet is one of those that have words in each language', () => {
  const files = filesBehindThePages();
  expect(routesOfPages().size).toBeGreaterThan(40);
  expect([...files]).toEqual(
    expect.arrayContaining(['src/use-cases/log-in.ts', 'src/use-cases/time-range.ts', 'src/use-cases/send-message.ts']),
  );
  const unsaid = [...files]
    .filter((file) => !OFFICE_ONLY.includes(file) && !file.startsWith('src/store/'))
    .flatMap((file) =>
      [...read(file).matchAll(/new (?:\w*Error|NotFound|Forbidden|Conflict|InvalidInput|Unauthorised)\([^;]*/g)].map(([made]) => ({
        file,
        made,
      })),
    )
    .filter(({ made }) => /^new (AppError|NotFound|Forbidden|Conflict|InvalidInput|Unauthorised)/.test(made))
    .filter(
      ({ made }) =>
        !/\bsay(All)?\(|fieldsOf\(|\[field\]: problem/.test(made) && !PLAIN_KINDS.some((kind) => made.startsWith(`new ${kind}`)),
    )
    .filter(({ file, made }) => !(SAID_BEFORE.includes(file) && made.startsWith('new InvalidInput(problems)')))
    .filter(({ made }) => !OFFICE_SENTENCES.some((sentence) => made.includes(sentence)));
  expect(unsaid).toEqual([]);
});

test('no schema behind the pages has a sentence of its own for what is not right', () => {
  const own = [...filesBehindThePages()]
    .filter((file) => file.startsWith('src/use-cases/'))
    .flatMap((file) => [...read(file).matchAll(/\.(?:regex|refine)\(.*, '(\w[^']+)'/g)].map(([, sentence = '']) => sentence))
    .filter((sentence) => namedBy(sentence) === null);
  expect(own).toEqual([]);
});

test('no sentence of a refusal is left in English or empty', () => {
  const said = (sentence: (typeof SENTENCES)['de'][RefusalName]) =>
    typeof sentence === 'string' ? sentence : (sentence as (...values: unknown[]) => string)('7', '8');
  for (const name of Object.keys(SENTENCES.en) as RefusalName[]) {
    const each = [SENTENCES.en[name], SENTENCES.de[name], SENTENCES.it[name]].map(said);
    expect(each, name).not.toContain('');
    expect(new Set(each).size, name).toBe(3);
  }
});

test.each([
  [undefined, 'en'],
  ['de-CH, en;q=0.9', 'de'],
  ['fr, it;q=0.8, en;q=0.7', 'it'],
  ['en-GB, de;q=0.9', 'en'],
  ['de;q=0', 'en'],
  ['*', 'en'],
])('whoever accepts %s is told in %s', (header, language) => {
  expect(languageAsked(header)).toBe(language);
});

describe('in the language that is asked for', () => {
  let running: TestApp;
  let tenant: TestPerson;

  beforeAll(async () => {
    running = await openTestApp();
    tenant = await makePerson(running, 'mieter@example.org', null);
  });
  afterAll(() => running.close());

  const told = async (request: supertest.Test, status: number) => {
    const answer = await request.set('Accept-Language', 'de').expect(status);
    expect(answer.headers['content-language']).toBe('de');
    return answer.body as { title: string; detail: string; fields?: Record<string, string> };
  };

  test('a wrong log-in, a session that ended, and the field that is wrong', async () => {
    const nobody = supertest(running.app);
    const wrong = { email: 'wer@example.org', password: 'falsch genug' };
    expect(await told(nobody.post('/api/v1/session').send(wrong), 401)).toMatchObject({ detail: 'E-Mail oder Passwort sind falsch.' });
    expect(await told(nobody.get('/api/v1/account'), 401)).toMatchObject({
      detail: 'Melden Sie sich zuerst an.',
      title: 'Niemand ist angemeldet',
    });
    const { agent } = await logInAs(running.app, tenant);
    const short = { currentPassword: tenant.password, newPassword: 'kurz' };
    expect(await told(agent.post('/api/v1/account/password').send(short), 400)).toMatchObject({
      detail: 'Neues Passwort braucht mindestens 12 Zeichen.',
      fields: { newPassword: 'braucht mindestens 12 Zeichen' },
    });
    expect(await told(agent.patch('/api/v1/account').send({ name: '' }), 400)).toMatchObject({ detail: 'Name darf nicht leer sein.' });
    expect(await told(agent.get('/api/v1/buildings/1'), 404)).toMatchObject({
      detail: 'Das gibt es nicht oder nicht mehr. Laden Sie die Seite neu.',
    });
    expect(await told(agent.post('/api/v1/session').send({ email: 'x'.repeat(300 * 1024) }), 413)).toMatchObject({ title: 'Zu groß' });
  });

  test('the first steps: a zone, a recipient, a number, a host', async () => {
    const { agent } = await logInAs(
      running.app,
      await makePerson(running, 'verwalterin@example.org', { role: 'administrator', buildingId: null }),
    );
    const house = { name: 'Haus', zone: 'Berlin', recipients: 'hausmeister', billingStartDay: 'eins' };
    expect((await told(agent.post('/api/v1/buildings').send(house), 400)).fields).toEqual({
      zone: 'steht nicht in der Liste der IANA; eine ist Europe/Berlin',
      recipients: 'nimmt E-Mail-Adressen, durch Kommas getrennt',
      billingStartDay: 'muss eine Zahl sein',
    });
    const made = await agent.post('/api/v1/buildings').send({ name: 'Haus' }).expect(201);
    const { id } = made.body as { id: number };
    const line = { name: 'Keller', buildingId: id, transport: 'tcp', host: 'http://gateway', port: 502 };
    expect((await told(agent.post('/api/v1/lines').send(line), 400)).fields).toEqual({
      host: 'muss ein Rechnername oder eine IP-Adresse sein, ohne Port',
    });
  });

  test('the chat, and what asked too often', async () => {
    const { agent } = await logInAs(running.app, tenant);
    const answer = await agent
      .post('/rpc/wattbook.chat.v1.ChatService/SendMessage')
      .set('Accept-Language', 'it')
      .send({ conversationId: 1, clientId: 'f6d7c9e0-3f0a-4a52-9d5b-0a2a4f7c1b11', text: 'Buongiorno' });
    expect(answer.body).toMatchObject({ message: 'Non partecipi ai messaggi.' });
    const ask = () => agent.post('/api/v1/password-link/open').set('Accept-Language', 'it').send({ token: 'sconosciuto' });
    for (let asked = 0; asked < 60; asked += 1) await ask().expect(410);
    const refused = await ask().expect(429);
    expect((refused.body as { detail: string }).detail).toMatch(/^Troppi tentativi\. Riprova tra 1[45] minuti\.$/);
  });

  test('the back office and programs are told in English', async () => {
    const nobody = supertest(running.app);
    const wrong = await nobody.post('/api/v1/session').send({ email: 'wer@example.org', password: 'falsch genug' });
    expect(wrong.body).toMatchObject({ detail: 'E-mail or password are wrong.' });
    const office = await nobody.get('/admin/api/resources/users').set('Accept-Language', 'de').set('Accept', 'application/json');
    expect(office.text).not.toContain('Melden');
  });
});

test('each route the pages ask is declared', () => {
  const declared = new Set(ROUTES.map(({ method, path }) => `${method} ${path}`));
  expect([...routesOfPages()].filter((route) => !declared.has(route))).toEqual([]);
});
