import { useEffect, useState } from 'preact/hooks';
import { api, toTrouble, whenSessionEnds } from './data/api.ts';
import { switchLanguage, takePickedLanguage } from './data/language.ts';
import { homeOf, mayChat, mayDownload, mayGoFirstSteps, readVisit, type Me, type Visit } from './data/session.ts';
import { useLoad } from './data/use-load.ts';
import { AccountPage } from './pages/account/account-page.tsx';
import { BillsPage } from './pages/bills/bills-page.tsx';
import { ContactPage } from './pages/contact/contact-page.tsx';
import { DashboardPage } from './pages/dashboard/dashboard-page.tsx';
import { DownloadsPage } from './pages/downloads/downloads-page.tsx';
import { FirstAdministratorPage } from './pages/entrance/first-administrator-page.tsx';
import { ForgottenPage } from './pages/entrance/forgotten-page.tsx';
import { InboxPage } from './pages/inbox/inbox-page.tsx';
import { LogInPage } from './pages/entrance/log-in-page.tsx';
import { NotFoundPage } from './frame/not-found-page.tsx';
import { OwnPage } from './pages/home/own-page.tsx';
import { staffPage } from './pages/staff-page.tsx';
import { later } from './parts/later.tsx';
import { PasswordPage } from './pages/entrance/password-page.tsx';
import { Empty, Loading, TroubleNotice } from './parts/notice.tsx';
import { Shell } from './frame/shell.tsx';
import { goTo, navigate, usePath, wantedAddress } from './router.ts';
import { isLanguage } from '../domain/language.ts';
import { language, words } from './words.ts';

const LOG_IN = '/log-in';
const FORGOTTEN = '/forgotten';
const PASSWORD = '/password';
const FIRST_STEPS = '/first-steps';
/** Before the log-in, or without one. */
const OUTSIDE = [LOG_IN, FORGOTTEN, PASSWORD];

const ChatPage = later('chat', async () => (await import('./pages/chat/chat-page.tsx')).ChatPage);
const FirstStepsPage = later('first steps', async () => (await import('./pages/first-steps/first-steps-page.tsx')).FirstStepsPage);
const AnalysisPage = later('analysis', async () => (await import('./pages/analysis/analysis-page.tsx')).AnalysisPage);

function Page({ me, path }: { me: Me; path: string }) {
  if (path === '/dashboard' && me.permissions.includes('live:read')) return <DashboardPage me={me} />;
  if (path === '/analysis' && me.permissions.includes('reading:read')) return <AnalysisPage me={me} />;
  const staff = me.permissions.includes('live:read') && me.permissions.includes('reading:read') ? staffPage(path, me) : null;
  if (staff) return staff;
  if (path === '/home' && me.permissions.includes('own:read')) return <OwnPage me={me} />;
  if (path === '/bills' && me.permissions.includes('own:read')) return <BillsPage />;
  if (path === FIRST_STEPS && mayGoFirstSteps(me)) return <FirstStepsPage me={me} />;
  if (path === '/account') return <AccountPage />;
  if (path === '/contact') return <ContactPage me={me} />;
  if (path === '/downloads' && mayDownload(me)) return <DownloadsPage me={me} />;
  if (path === '/chat' && mayChat(me)) return <ChatPage me={me} />;
  if (path === '/inbox') return <InboxPage me={me} />;
  if (!canSeeAnything(me)) return <Empty title={words.dashboard.none} text={words.dashboard.noneViewer} />;
  return <NotFoundPage home={homeOf(me)} />;
}

function canSeeAnything({ permissions }: Me): boolean {
  return permissions.includes('live:read') || permissions.includes('own:read');
}

const TITLES: Record<string, string> = {
  [LOG_IN]: words.logIn.title,
  '/dashboard': words.dashboard.title,
  '/analysis': words.analysis.title,
  '/meters': words.coverage.title,
  '/meters/balance': words.balance.title,
  '/history': words.history.title,
  '/home': words.own.title,
  '/bills': words.bills.title,
  '/account': words.account.title,
  '/contact': words.contact.title,
  [FIRST_STEPS]: words.firstSteps.title,
  '/downloads': words.downloads.title,
  [FORGOTTEN]: words.forgotten.title,
  [PASSWORD]: words.setPassword.resetTitle,
  '/chat': words.chat.title,
  '/inbox': words.inbox.title,
};

/** Who is here decides which page the address shows. */
function House({ visit }: { visit: Visit }) {
  const path = usePath();
  const [me, setMe] = useState(visit.me);
  const [firstNeeded, setFirstNeeded] = useState(visit.firstAdministratorNeeded);
  const [why, setWhy] = useState<'ended' | 'logged-out' | null>(null);

  useEffect(
    () =>
      whenSessionEnds(() => {
        setWhy('ended');
        setMe(null);
      }),
    [],
  );
  useEffect(() => {
    if (me && (path === '/' || path === LOG_IN || path === FORGOTTEN)) goTo(wantedAddress() ?? homeOf(me));
    if (!me && !OUTSIDE.includes(path))
      navigate(LOG_IN + (path === '/' ? location.search : `?next=${encodeURIComponent(path + location.search)}`), { replace: true });
  }, [me, path]);
  useEffect(() => {
    const title = TITLES[path.replace(/\/\d+$/, '')];
    document.title = title === undefined ? words.product : `${title} · ${words.product}`;
  }, [path]);

  useEffect(() => {
    // The link of a mail may be for somebody else.
    if (path !== PASSWORD && me && isLanguage(me.language) && me.language !== language) switchLanguage(me.language);
  }, [me, path]);

  const enter = async (entered: Me) => {
    const picked = takePickedLanguage();
    const isNew = picked !== null && picked !== entered.language;
    if (isNew) await api.changeAccount({ language: picked });
    setFirstNeeded(false);
    setWhy(null);
    setMe(isNew ? { ...entered, language: picked } : entered);
  };
  /** Before anything else there must be a house. */
  const enterFirst = (entered: Me) => {
    navigate(`${LOG_IN}?next=${encodeURIComponent(FIRST_STEPS)}`, { replace: true });
    return enter(entered);
  };
  const leave = async () => {
    try {
      await api.logOut();
    } catch (error) {
      // A session that is gone already needs no end.
      if (toTrouble(error).status !== 401) throw error;
    }
    navigate(LOG_IN, { replace: true });
    setWhy('logged-out');
    setMe(null);
  };

  if (path === PASSWORD) return <PasswordPage />;
  if (!me && path === FORGOTTEN) return <ForgottenPage />;
  if (!me) return firstNeeded ? <FirstAdministratorPage onLogIn={enterFirst} /> : <LogInPage why={why} onLogIn={enter} />;
  return (
    <Shell me={me} path={path} onLogOut={leave}>
      {path === '/' || OUTSIDE.includes(path) ? <Loading /> : <Page me={me} path={path} />}
    </Shell>
  );
}

export function App() {
  const { data: visit, trouble, reload } = useLoad('visit', readVisit);
  if (visit) return <House visit={visit} />;
  return <main class="entrance">{trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading />}</main>;
}
