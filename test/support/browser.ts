import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { LOCALES, type Language } from '../../src/domain/language.ts';

const PHOTOS = join(import.meta.dirname, '..', 'e2e', 'photos');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 360, height: 740 };

/** How long a page may take for what it is to show. */
export const PAGE_MS = 120_000;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS, timeout: PAGE_MS });
}

export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** What went wrong so far: console errors, uncaught exceptions, requests to other hosts, failed requests. */
  complaints(): string[];
  /** Forgets complaints that the test provoked; fails when one of them is another than expected. */
  expectComplaints(pattern: RegExp): void;
  photograph(name: string): Promise<void>;
  /** What axe finds wrong with the page as it is now. */
  barriers(): Promise<string[]>;
  /** Every text that one sees there or is read out, but for what says that it is in another language. */
  wordsOn(): Promise<string>;
  /** Content wider than the screen. */
  overflowPx(): Promise<number>;
  close(): Promise<void>;
}

export interface VisitOptions {
  url: string;
  viewport?: { width: number; height: number };
  dark?: boolean;
  /** Of the browser. */
  language?: Language;
  /** The clock of the page stands at this time; its timers run. */
  nowMs?: number;
}

interface AxeViolation {
  id: string;
  help: string;
  nodes: { target: unknown[] }[];
}

const WORDS_ON = `(() => {
  const isOwn = (element) => element.closest('[lang]') === document.documentElement && !element.closest('script, style, noscript');
  const texts = [document.title];
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) if (isOwn(nodes.currentNode.parentElement)) texts.push(nodes.currentNode.data);
  for (const name of ['aria-label', 'aria-valuetext', 'aria-description', 'title', 'placeholder', 'alt'])
    for (const element of document.querySelectorAll('[' + name + ']')) if (isOwn(element)) texts.push(element.getAttribute(name));
  return texts.join('\\n');
})()`;

/** A person with an own browser profile, who notices every error and every word to a stranger. */
export async function openVisitor(
  browser: Browser,
  { url, viewport = DESKTOP, dark = false, language = 'en', nowMs }: VisitOptions,
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport,
    colorScheme: dark ? 'dark' : 'light',
    timezoneId: 'America/New_York',
    locale: LOCALES[language],
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PAGE_MS);
  if (nowMs !== undefined) await context.clock.setFixedTime(nowMs);
  const page = await context.newPage();
  let complaints: string[] = [];
  const host = new URL(url).host;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.host !== host && !['data:', 'about:', 'blob:'].includes(asked.protocol)) complaints.push(`another host: ${request.url()}`);
  });
  return {
    page,
    context,
    complaints: () => [...complaints],
    expectComplaints(pattern) {
      const others = complaints.filter((complaint) => !pattern.test(complaint));
      if (complaints.length === 0) throw new Error(`nothing like ${String(pattern)} happened`);
      complaints = others;
    },
    async photograph(name) {
      mkdirSync(PHOTOS, { recursive: true });
      await page.screenshot({ path: join(PHOTOS, `${name}.png`), fullPage: true });
    },
    async barriers() {
      // Through the debugger, so that the page's own policy stays in force.
      const session = await context.newCDPSession(page);
      await session.send('Runtime.evaluate', { expression: readFileSync(AXE, 'utf8') });
      await session.detach();
      const violations = (await page.evaluate(
        `axe.run({ resultTypes: ['violations'] }).then((result) => result.violations)`,
      )) as AxeViolation[];
      return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')})`);
    },
    wordsOn: () => page.evaluate(WORDS_ON),
    overflowPx: () => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    close: () => context.close(),
  };
}
