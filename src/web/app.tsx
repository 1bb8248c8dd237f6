import { useEffect, useState } from 'preact/hooks';
import { api, toTrouble, whenSessionEnds } from './data/api.ts';
import { switchLanguage } from './data/language.ts';
import { homeOf, readVisit, type Me, type Visit } from './data/session.ts';
import { useLoad } from './data/use-load.ts';
import { BillsPage } from './pages/bills-page.tsx';
import { DashboardPage } from './pages/dashboard-page.tsx';
import { FirstAdministratorPage } from './pages/first-administrator-page.tsx';
import { LogInPage } from './pages/log-in-page.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { OwnPage } from './pages/own-page.tsx';
import { later } from './parts/later.tsx';
import { Empty, Loading, TroubleNotice } from './parts/notice.tsx';
import { Shell } from './parts/shell.tsx';
import { goTo, navigate, usePath, wantedAddress } from './router.ts';
import { isLanguage } from '../domain/language.ts';
import { language, words } from './words.ts';

const LOG_IN = '/log-in';

const AnalysisPage = later('analysis', async () => (await import('./pages/analysis-page.tsx')).AnalysisPage);

function Page({ me, path }: { me: Me; path: string }) {
  if (path === '/dashboard' && me.permissions.includes('live:read')) return <DashboardPage me={me} />;
  if (path === '/analysis' && me.permissions.includes('reading:read')) return <AnalysisPage me={me} />;
  if (path === '/home' && me.permissions.includes('own:read')) return <OwnPage />;
  if (path === '/bills' && me.permissions.includes('own:read')) return <BillsPage />;
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
  '/home': words.own.title,
  '/bills': words.bills.title,
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
    if (me && (path === '/' || path === LOG_IN)) goTo(wantedAddress() ?? homeOf(me));
    if (!me && path !== LOG_IN)
      navigate(LOG_IN + (path === '/' ? location.search : `?next=${encodeURIComponent(path + location.search)}`), { replace: true });
  }, [me, path]);
  useEffect(() => {
    const title = TITLES[path];
    document.title = title === undefined ? words.product : `${title} · ${words.product}`;
  }, [path]);

  useEffect(() => {
    if (me && isLanguage(me.language) && me.language !== language) switchLanguage(me.language);
  }, [me]);

  const enter = (entered: Me) => {
    setFirstNeeded(false);
    setWhy(null);
    setMe(entered);
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

  if (!me) return firstNeeded ? <FirstAdministratorPage onLogIn={enter} /> : <LogInPage why={why} onLogIn={enter} />;
  return (
    <Shell me={me} path={path} onLogOut={leave}>
      {path === '/' || path === LOG_IN ? <Loading /> : <Page me={me} path={path} />}
    </Shell>
  );
}

export function App() {
  const { data: visit, trouble, reload } = useLoad('visit', readVisit);
  if (visit) return <House visit={visit} />;
  return <main class="entrance">{trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading />}</main>;
}
