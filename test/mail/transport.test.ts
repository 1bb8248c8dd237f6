import { createServer, type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeMailer, outboxMessageId, type Mailer } from '../../src/mail/transport.ts';
import { UNUSED_PORT } from '../support/dead-gateway.ts';
import { testSmtp } from '../support/services.ts';

let smtp: Awaited<ReturnType<typeof testSmtp>>;
let mailer: Mailer;
const MAIL = { to: 'a@x.example, b@x.example', subject: 'Zähler "7"', text: 'plain ä', html: '<p>rich ä</p>' };

beforeAll(async () => {
  smtp = await testSmtp();
  mailer = makeMailer({ smtpUrl: smtp.url, from: 'Wattbook <wattbook@watt.example>' });
});

afterAll(async () => {
  mailer.close();
  await smtp.close();
});

test('a mail reaches a real mail server with text, HTML, all recipients and its Message-ID', async () => {
  await mailer.verify();
  const messageId = outboxMessageId(42, 'https://watt.example/');
  expect(await mailer.send({ ...MAIL, messageId })).toEqual({ refused: [] });
  const [mail] = await smtp.waitFor(1);
  expect(mail).toMatchObject({ to: ['a@x.example', 'b@x.example'], subject: 'Zähler "7"', html: expect.stringContaining('<p>rich ä</p>') });
  expect(mail?.text.trim()).toBe('plain ä');
  expect(mail?.parsed.messageId).toBe('<outbox-42@watt.example>');
  expect(mail?.parsed.from?.name).toBe('Wattbook');
});

test('the same row always has the same Message-ID', () => {
  expect(outboxMessageId(7, 'https://watt.example:8443/x')).toBe('<outbox-7@watt.example>');
});

test('a mail server that is away is a reason to try again', async () => {
  const away = makeMailer({ smtpUrl: `smtp://127.0.0.1:${UNUSED_PORT}`, from: 'a@x.example' });
  await expect(away.send({ ...MAIL, messageId: '<1@x>' })).rejects.toMatchObject({ code: 'mail-not-sent', retryable: true });
  await expect(away.verify()).rejects.toMatchObject({ code: 'mail-not-sent' });
});

test('a mail server that refuses us is asked again, for people mend that', async () => {
  const grumpy = createServer((socket) => {
    socket.write('554 no mail from here\r\n');
    socket.on('error', () => {});
    socket.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => grumpy.once('listening', resolve));
  const refused = makeMailer({ smtpUrl: `smtp://127.0.0.1:${(grumpy.address() as AddressInfo).port}`, from: 'a@x.example' });
  await expect(refused.send({ ...MAIL, messageId: '<1@x>' })).rejects.toMatchObject({ code: 'mail-not-sent', retryable: true });
  await new Promise((resolve) => grumpy.close(resolve));
});

test('a mail whose every recipient is refused for good is not tried again', async () => {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such mailbox'), { responseCode: 550 })),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const mailer = makeMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'a@x.example' });
  await expect(mailer.send({ ...MAIL, messageId: '<2@x>' })).rejects.toMatchObject({ code: 'mail-not-sent', retryable: false });
  mailer.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

test('smtps speaks TLS from the first byte, and does not trust a certificate that nobody vouches for', async () => {
  let greeted = false;
  const server = new SMTPServer({
    secure: true,
    logger: false,
    onConnect(_session, done) {
      greeted = true;
      done();
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const careful = makeMailer({ smtpUrl: `smtps://127.0.0.1:${port}`, from: 'a@x.example' });
  await expect(careful.send({ ...MAIL, messageId: '<1@x>' })).rejects.toThrow(/certificate/i);
  expect(greeted).toBe(false);
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

test('a password never travels without TLS', async () => {
  const url = new URL(smtp.url);
  url.username = 'wattbook';
  url.password = 'secret';
  const careful = makeMailer({ smtpUrl: url.href, from: 'a@x.example' });
  await expect(careful.send({ ...MAIL, messageId: '<1@x>' })).rejects.toMatchObject({ code: 'mail-not-sent' });
  expect(smtp.mails()).toHaveLength(1);
});
