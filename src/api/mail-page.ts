import type { Email } from 'postal-mime';
import { sayAddresses, type CaughtMailEntry } from './mail-files.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const STYLE = `
:root { color-scheme: light dark; --ground: #f4f6f8; --surface: #fff; --ink: #18222d; --quiet: #56636f; --line: #dfe5eb; --accent: #0f5fa8; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f151b; --surface: #182029; --ink: #e9eef3; --quiet: #a1aebb; --line: #2b3744; --accent: #6fb2f2; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 28px 16px 64px; }
h1 { margin: 0 0 4px; font-size: 1.5rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { margin: 28px 0 10px; font-size: 1rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
.quiet, time, dt { color: var(--quiet); }
ul, pre, dl { margin: 18px 0 0; padding: 0; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); }
li { list-style: none; border-top: 1px solid var(--line); }
li:first-child { border-top: 0; }
li a { display: grid; grid-template-columns: 1fr auto; gap: 0 20px; padding: 12px 18px; color: inherit; text-decoration: none; }
li a:hover strong { text-decoration: underline; }
li span { color: var(--quiet); font-size: .9375rem; overflow-wrap: anywhere; }
time { font-size: .9375rem; }
pre { padding: 18px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: .9375rem/1.5 ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 18px; padding: 14px 18px; }
dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 640px; border: 1px solid var(--line); border-radius: 14px; background: #fff; }
@media (max-width: 560px) { li a { grid-template-columns: 1fr; } }
`;

function page(title: string, nonce: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · Wattbook</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style nonce="${escape(nonce)}">${STYLE}</style>
</head>
<body><main>${body}</main></body>
</html>`;
}

function sayTime(date: string | undefined): string {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? '' : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function titleOf({ subject }: Email): string {
  return subject?.trim() || '(no subject)';
}

function entry({ name, email }: CaughtMailEntry): string {
  return `<li><a href="/dev/mail/${encodeURIComponent(name)}"><strong>${escape(titleOf(email))}</strong>
<time>${escape(sayTime(email.date))}</time><span>to ${escape(sayAddresses(email.to))}</span></a></li>`;
}

export function mailListPage({ mails, total }: { mails: readonly CaughtMailEntry[]; total: number }, nonce: string): string {
  const lead = 'Wattbook runs without a mail server, so its mails land here and reach nobody. Set SMTP_URL to send them.';
  const more = total > mails.length ? `<p class="quiet">The newest ${mails.length} of ${total} mails.</p>` : '';
  const list =
    mails.length === 0
      ? '<ul><li><a href="/dev/mail"><strong>No mail yet</strong><span>One is sent when a meter falls silent. Load this page again to look.</span></a></li></ul>'
      : `<ul>${mails.map(entry).join('')}</ul>${more}`;
  return page('Caught mails', nonce, `<p><a href="/">Back to Wattbook</a></p><h1>Caught mails</h1><p class="quiet">${lead}</p>${list}`);
}

/** The text first. The HTML stands in a frame without scripts, forms, links that lead out, or an origin. */
export function mailPage({ email }: CaughtMailEntry, nonce: string): string {
  const facts = [
    ['From', sayAddresses(email.from ? [email.from] : [])],
    ['To', sayAddresses(email.to)],
    ['Sent', sayTime(email.date)],
    ['Message-ID', email.messageId ?? ''],
  ] as const;
  const html = email.html
    ? `<h2>As HTML</h2><iframe sandbox="" title="The mail as HTML" srcdoc="${escape(email.html)}"></iframe>`
    : '<p class="quiet">This mail has no HTML.</p>';
  return page(
    titleOf(email),
    nonce,
    `<p><a href="/dev/mail">All caught mails</a></p><h1>${escape(titleOf(email))}</h1>
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`).join('')}</dl>
<h2>As text</h2><pre>${escape(email.text?.trimEnd() ?? '')}</pre>${html}`,
  );
}
