import type { Language } from '../domain/language.ts';
import { html, type Markup } from './markup.ts';

export interface MailContent {
  language: Language;
  subject: string;
  /** The first sentence: enough for somebody who reads no further. */
  lead: string;
  tone: 'bad' | 'good';
  facts: readonly (readonly [name: string, value: string])[];
  /** What somebody wrote, line by line as it was written. */
  quote?: string;
  /** What happens by itself, and what the reader may do. */
  advice: string;
  link: { label: string; url: string };
  footer: string;
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
  /** Who gets the answer, where that is not the sender. */
  replyTo?: { name: string; address: string };
}

function textOf({ lead, facts, quote, advice, link, footer }: MailContent): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  const lines = facts.map(([name, value]) => `${`${name}:`.padEnd(width)}${value}`);
  const quoted = quote === undefined ? [] : [...quote.split('\n').map((line) => `> ${line}`), ''];
  return [lead, '', ...lines, '', ...quoted, advice, '', `${link.label}: ${link.url}`, '', '-- ', footer, ''].join('\n');
}

const INK = '#1d2733';
const QUIET = '#5b6876';
const TONES = { bad: '#b3401f', good: '#1f7a4d' };

// Mail programs know tables and inline styles, and little else.
function htmlOf({ language, subject, lead, tone, facts, quote, advice, link, footer }: MailContent): Markup {
  const rows = facts.map(
    ([name, value]) =>
      html`<tr>
        <td style="padding:6px 16px 6px 0;color:${QUIET};white-space:nowrap;vertical-align:top">${name}</td>
        <td style="padding:6px 0;vertical-align:top">${value}</td>
      </tr> `,
  );
  const quoted =
    quote === undefined
      ? []
      : [
          html`<tr>
            <td style="padding:8px 28px">
              <div
                style="padding:12px 16px;border-left:3px solid ${TONES[tone]};background:#f3f5f7;white-space:pre-wrap;overflow-wrap:anywhere"
              >
                ${quote}
              </div>
            </td>
          </tr> `,
        ];
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;background:#f3f5f7;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;color:${INK}">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
          <tr>
            <td align="center" style="padding:24px 12px">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                style="max-width:560px;background:#ffffff;border-radius:10px;border-top:4px solid ${TONES[tone]}"
              >
                <tr>
                  <td style="padding:28px 28px 8px"><h1 style="margin:0;font-size:20px;line-height:1.35">${lead}</h1></td>
                </tr>
                <tr>
                  <td style="padding:8px 28px">
                    <table role="presentation" cellpadding="0" cellspacing="0" style="font-size:15px">
                      ${rows}
                    </table>
                  </td>
                </tr>
                ${quoted}
                <tr>
                  <td style="padding:8px 28px">${advice}</td>
                </tr>
                <tr>
                  <td style="padding:16px 28px 28px">
                    <a
                      href="${link.url}"
                      style="display:inline-block;padding:10px 18px;border-radius:8px;background:#0f5fa8;color:#ffffff;text-decoration:none;font-weight:600"
                      >${link.label}</a
                    >
                  </td>
                </tr>
              </table>
              <p style="max-width:560px;margin:16px auto 0;color:${QUIET};font-size:13px;text-align:left">${footer}</p>
            </td>
          </tr>
        </table>
      </body>
    </html> `;
}

export function layOut(content: MailContent): RenderedMail {
  return { subject: content.subject, text: textOf(content), html: htmlOf(content).text };
}
