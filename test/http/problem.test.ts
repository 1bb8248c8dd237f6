import { Router } from 'express';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { route, type Route } from '../../src/api/contract.ts';
import { idParam, time, wholeNumber, z } from '../../src/api/schema.ts';
import { fieldOfIndex } from '../../src/http/database-problem.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

const tags: [string] = ['test'];
const TROUBLE: readonly Route[] = [
  route({
    method: 'get',
    path: '/session',
    summary: 'Fails inside',
    tags,
    permission: 'public',
    handler: ({ deps }) => deps.database.pool.query('SELECT secret_column FROM users'),
  }),
  route({
    method: 'get',
    path: '/answers/:answerId',
    summary: 'Answers more than it declares',
    tags,
    permission: 'public',
    params: z.object({ answerId: idParam }),
    response: z.object({ at: time, wh: wholeNumber, inner: z.object({ name: z.string() }) }),
    handler: () => {
      const inner = { name: 'shown', passwordHash: '$argon2id$' };
      return { at: new Date('2026-03-29T01:00:00Z'), wh: 12_345_678_901n, inner, tokenHash: 'hidden' };
    },
  }),
  route({
    method: 'get',
    path: '/wrong',
    summary: 'Answers something else than it declares',
    tags,
    permission: 'public',
    response: z.object({ count: z.number() }),
    handler: () => JSON.parse('{"count":"many, and a secret"}') as { count: number },
  }),
  route({
    method: 'post',
    path: '/bodies',
    summary: 'Takes a body',
    tags,
    permission: 'public',
    body: z.object({ name: z.string() }),
    response: z.object({ name: z.string() }),
    handler: ({ body }) => body,
  }),
];

let running: TestApp;
const read: string[] = [];

beforeAll(async () => {
  const office = Router();
  office.post('/upload', (request, response) => {
    request.on('data', () => read.push('data'));
    request.on('end', () => response.end());
  });
  running = await openTestApp({
    deps: { routes: TROUBLE, office, log: (await import('../../src/logger.ts')).makeLogger('test', 'silent') },
  });
});
afterAll(() => running.close());

describe('an answer', () => {
  test('never shows SQL, a stack or a path when something fails inside', async () => {
    const answer = await supertest(running.app).get('/api/v1/session').expect(500);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toEqual({
      type: 'urn:wattbook:problem:internal',
      title: 'Something went wrong here',
      status: 500,
      detail: 'Something went wrong here. It was written to the log.',
    });
  });

  test('has what is declared and nothing else', async () => {
    const answer = await supertest(running.app).get('/api/v1/answers/1').expect(200);
    expect(answer.body).toEqual({ at: '2026-03-29T01:00:00.000Z', wh: 12_345_678_901, inner: { name: 'shown' } });
  });

  test('that does not fit its description is not sent', async () => {
    const answer = await supertest(running.app).get('/api/v1/wrong').expect(500);
    expect(answer.text).not.toContain('secret');
  });

  test('names what is wrong with a path, a query and a body', async () => {
    const fieldsOf = async (request: supertest.Test) => ((await request.expect(400)).body as { fields: object }).fields;
    expect(await fieldsOf(supertest(running.app).get('/api/v1/answers/abc'))).toEqual({ answerId: 'must be a number' });
    expect(await fieldsOf(supertest(running.app).get('/api/v1/wrong?sort=name'))).toEqual({ sort: 'is not known here' });
    expect(await fieldsOf(supertest(running.app).post('/api/v1/bodies').send({ nam: 'x' }))).toEqual({
      name: 'is missing',
      nam: 'is not known here',
    });
    expect(await fieldsOf(supertest(running.app).post('/api/v1/bodies').send([]))).toEqual({ body: 'expected object, received array' });
  });
});

describe('a body', () => {
  test('that is no JSON is refused with a sentence', async () => {
    const answer = await supertest(running.app).post('/api/v1/bodies').type('json').send('{"name":').expect(400);
    expect(answer.body).toMatchObject({ detail: 'The body is not valid JSON.' });
  });

  test('with the name of an inner thing is refused by that name', async () => {
    const answer = await supertest(running.app)
      .post('/api/v1/bodies')
      .type('json')
      .send('{"name":"x","__proto__":{"a":1},"constructor":1}')
      .expect(400);
    expect(Object.keys((answer.body as { fields: object }).fields).toSorted()).toEqual(['__proto__', 'constructor']);
  });

  test('that a form of another site could send is refused', async () => {
    await supertest(running.app).post('/api/v1/bodies').type('form').send('name=x').expect(415);
    await supertest(running.app).post('/api/v1/bodies').type('text/plain').send('{"name":"x"}').expect(415);
  });

  test('of more than 256 KiB is refused before it is read, in the back office too', async () => {
    const large = { name: 'x'.repeat(300 * 1024) };
    await supertest(running.app).post('/api/v1/bodies').send(large).expect(413);
    await supertest(running.app).post('/admin/upload').type('form').send(`name=${large.name}`).expect(413);
    expect(read).toEqual([]);
  });

  test('without a length is cut off as well', async () => {
    const request = supertest(running.app).post('/api/v1/bodies').type('json').set('Transfer-Encoding', 'chunked');
    request.write(`{"name":"${'x'.repeat(300 * 1024)}"}`);
    await request.expect(413);
  });
});

test.each([
  ['users_email_key', 'email'],
  ['flats_building_id_name_key', 'name'],
  ['lines_building_id_name_key', 'name'],
  ['meters_serial_key', 'serial'],
  ['meter_models_key_key', 'key'],
  ['installations_point_id_live_key', 'pointId'],
  ['installations_meter_id_live_key', 'meterId'],
  ['installations_line_id_unit_id_live_key', 'unitId'],
  ['memberships_user_id_role_id_scope_key', 'roleId'],
  ['permissions_role_id_name_key', 'name'],
])('a row that breaks %s is explained by the field %s', (index, field) => {
  expect(fieldOfIndex(index)).toBe(field);
});
