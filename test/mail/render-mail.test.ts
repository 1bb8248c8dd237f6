import { describe, expect, test } from 'vitest';
import { renderMail, type MailData } from '../../src/mail/render-mail.ts';

const APP = 'https://watt.example/';
const SILENT: MailData['meter-silent'] = {
  serial: 'SDM-4711',
  flat: 'Flat 7',
  building: 'Linden Court',
  line: 'Basement gateway',
  zone: 'Europe/Berlin',
  reason: 'no-answer',
  detail: 'no answer within 1000 ms',
  sinceMs: Date.UTC(2026, 6, 1, 10, 15),
};
const ANSWERS: MailData['meter-answers'] = { ...SILENT, untilMs: Date.UTC(2026, 6, 1, 13, 30), missingSlots: 13 };

describe('mail of a silent meter', () => {
  test('the subject names the flat, the building and the trouble, without a technical word', () => {
    expect(renderMail('meter-silent', 'en', SILENT, APP).subject).toBe('Flat 7 in Linden Court: the meter does not answer');
    expect(renderMail('meter-silent', 'de', SILENT, APP).subject).toBe('Flat 7 in Linden Court: Zähler antwortet nicht');
  });

  test('text and HTML say the same facts, in the time of the building', () => {
    const { text, html } = renderMail('meter-silent', 'en', SILENT, APP);
    for (const body of [text, html]) {
      for (const fact of ['SDM-4711', 'Basement gateway', '1 July 2026', '12:15', 'did not answer', 'no answer within 1000 ms', APP]) {
        expect(body).toContain(fact);
      }
    }
  });

  test('a German row gives a German mail', () => {
    const { text, html } = renderMail('meter-silent', 'de-AT', SILENT, APP);
    expect(text).toContain('Der Stromzähler von Flat 7 in Linden Court antwortet nicht.');
    expect(text).toContain('Mittwoch, 1. Juli 2026');
    expect(html).toContain('<html lang="de">');
  });

  test('a language without words of ours is answered in English', () => {
    expect(renderMail('meter-silent', 'fi', SILENT, APP).text).toContain('does not answer');
  });

  test('names that look like markup stay names', () => {
    const { html, text } = renderMail('meter-silent', 'en', { ...SILENT, flat: `<script>alert("1")</script>`, building: `A & B's` }, APP);
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(html).toContain('A &amp; B&#39;s');
    expect(text).toContain(`<script>alert("1")</script> in A & B's`);
  });

  test.each(['no-answer', 'line-down', 'bad-reply', 'refused', 'late', 'no-tick', 'not-read', 'not-stored'] as const)(
    'the reason %s is said in words in both languages',
    (reason) => {
      const [en, de] = ['en', 'de'].map((language) => renderMail('meter-silent', language, { ...SILENT, reason }, APP).text);
      const line = (text: string | undefined, name: string) => text?.split('\n').find((each) => each.startsWith(name));
      expect(line(en, 'Reason:')).toMatch(/[A-Z].*\.$/);
      expect(line(de, 'Grund:')).toMatch(/[A-Z].*\.$/);
      expect(line(en, 'Reason:')).not.toContain(reason === 'refused' || reason === 'late' ? ' undefined' : reason);
    },
  );
});

describe('mail of a meter that answers again', () => {
  test('it says from when to when, how long and how many readings are missing', () => {
    const { text, subject } = renderMail('meter-answers', 'en', ANSWERS, APP);
    expect(subject).toBe('Flat 7 in Linden Court: the meter answers again');
    expect(text).toMatch(/Silent from: .*12:15/);
    expect(text).toMatch(/Until: .*15:30/);
    expect(text).toContain('3 hours 15 minutes');
    expect(text).toMatch(/Missing readings: +13/);
  });

  test('readings that nobody counted are not called none', () => {
    const { missingSlots: _, ...uncounted } = ANSWERS;
    expect(renderMail('meter-answers', 'de', uncounted, APP).text).not.toContain('Fehlende Ablesungen');
  });
});

describe('mail of a month', () => {
  const SHEET = { reportId: 7, building: 'Linden <Court>', month: '2026-12', flats: 24, consumptionWh: 1_234_567, ownWh: 1_000 };

  test('it names the month, the consumption and where the copy lies', () => {
    const mail = renderMail('monthly-sheet', 'en', { ...SHEET, incomplete: [], unsettled: '' }, APP);
    expect(mail.subject).toBe('Linden <Court>: monthly sheet of December 2026');
    expect(mail.text).toMatch(/Consumption: +1,234.567 kWh/);
    expect(mail.text).toContain(`${APP.replace(/\/$/, '')}/admin/resources/reports`);
    expect(mail.html).toContain('Linden &lt;Court&gt;');
  });

  test('what is missing in it is named', () => {
    const { text } = renderMail('monthly-sheet', 'de', { ...SHEET, incomplete: ['Flat 3'], unsettled: 'Flat 3 (main) never' }, APP);
    expect(text).toMatch(/Teilweise unbekannt: +Flat 3/);
    expect(text).toMatch(/Nicht abgerechnet: +Flat 3 \(main\) never/);
  });
});

describe('mails about an account', () => {
  const LINK = { name: 'Tessa <T>', email: 'tessa@example.org', token: 'abc-DEF' };

  test.each(['en', 'de', 'it'])('the link of a reset and of an invitation stands in text and HTML, in %s', (language) => {
    const mails = (['password-reset', 'invitation'] as const).map((template) => renderMail(template, language, LINK, APP));
    for (const { text, html } of mails) {
      expect(text).toContain('https://watt.example/password#abc-DEF');
      expect(html).toContain('href="https://watt.example/password#abc-DEF"');
      expect(html).toContain('Tessa &lt;T&gt;');
      expect(html).toContain(`<html lang="${language}">`);
    }
    expect(new Set(mails.map(({ subject }) => subject)).size).toBe(2);
  });
});

test('a row that fits no template fails for good', () => {
  expect(() => renderMail('meter-sings', 'en', SILENT, APP)).toThrow(expect.objectContaining({ code: 'unknown-mail', retryable: false }));
  expect(() => renderMail('meter-silent', 'en', { flat: 'x' }, APP)).toThrow(
    expect.objectContaining({ code: 'bad-mail-data', retryable: false }),
  );
});
