import type { FunctionComponent } from 'preact';
import type { Me } from '../data/session.ts';
import { later } from '../parts/later.tsx';
import { words } from '../words.ts';
import { AccountPage } from './account/account-page.tsx';
import type { Address } from './addresses.ts';
import { BillsPage } from './bills/bills-page.tsx';
import { ContactPage } from './contact/contact-page.tsx';
import { DashboardPage } from './dashboard/dashboard-page.tsx';
import { DownloadsPage } from './downloads/downloads-page.tsx';
import { OwnPage } from './home/own-page.tsx';
import { InboxPage } from './inbox/inbox-page.tsx';

interface HousePage {
  title: string;
  Page: FunctionComponent<{ me: Me; id: number }>;
}

export const HOUSE_PAGES: Readonly<Record<Address, HousePage>> = {
  '/dashboard': { title: words.dashboard.title, Page: DashboardPage },
  '/analysis': {
    title: words.analysis.title,
    Page: later('analysis', async () => (await import('./analysis/analysis-page.tsx')).AnalysisPage),
  },
  '/meters': { title: words.coverage.title, Page: later('meters', async () => (await import('./meters/meters-page.tsx')).MetersPage) },
  '/meters/balance': {
    title: words.balance.title,
    Page: later('balance', async () => (await import('./meters/balance-page.tsx')).BalancePage),
  },
  '/meters/:id': { title: words.coverage.title, Page: later('meter', async () => (await import('./meters/meter-page.tsx')).MeterPage) },
  '/history': { title: words.history.title, Page: later('history', async () => (await import('./history/history-page.tsx')).HistoryPage) },
  '/home': { title: words.own.title, Page: OwnPage },
  '/bills': { title: words.bills.title, Page: BillsPage },
  '/first-steps': {
    title: words.firstSteps.title,
    Page: later('first steps', async () => (await import('./first-steps/first-steps-page.tsx')).FirstStepsPage),
  },
  '/account': { title: words.account.title, Page: AccountPage },
  '/contact': { title: words.contact.title, Page: ContactPage },
  '/downloads': { title: words.downloads.title, Page: DownloadsPage },
  '/chat': { title: words.chat.title, Page: later('chat', async () => (await import('./chat/chat-page.tsx')).ChatPage) },
  '/inbox': { title: words.inbox.title, Page: InboxPage },
};
