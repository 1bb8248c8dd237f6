import type { JSX } from 'preact';
import type { Me } from '../data/session.ts';
import { later } from '../parts/later.tsx';

const METER = /^\/meters\/([1-9]\d{0,8})$/;

const MeterPage = later('meter', async () => (await import('./meters/meter-page.tsx')).MeterPage);
const PAGES = {
  '/meters': later('meters', async () => (await import('./meters/meters-page.tsx')).MetersPage),
  '/meters/balance': later('balance', async () => (await import('./meters/balance-page.tsx')).BalancePage),
  '/history': later('history', async () => (await import('./history/history-page.tsx')).HistoryPage),
};

/** The pages about meters, for whoever may see readings of a building; null for any other address. */
export function staffPage(path: string, me: Me): JSX.Element | null {
  const meterId = METER.exec(path)?.[1];
  if (meterId !== undefined) return <MeterPage key={path} me={me} meterId={Number(meterId)} />;
  if (!Object.hasOwn(PAGES, path)) return null;
  const Page = PAGES[path as keyof typeof PAGES];
  return <Page me={me} />;
}
