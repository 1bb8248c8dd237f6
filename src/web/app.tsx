import { useEffect, useState } from 'preact/hooks';
import { api, toTrouble, whenSessionEnds } from './data/api.ts';
import { switchLanguage, takePickedLanguage } from './data/language.ts';
import { homeOf, readVisit, type Me, type Visit } from './data/session.ts';
import { useLoad } from './data/use-load.ts';
import { NotFoundPage } from './frame/not-found-page.tsx';
import { Shell } from './frame/shell.tsx';
import { addressOf, INSIDE, OUTSIDE, type Address } from './pages/addresses.ts';
import { FirstAdministratorPage } from './pages/entrance/first-administrator-page.tsx';
import { ForgottenPage } from './pages/entrance/forgotten-page.tsx';
import { LogInPage } from './pages/entrance/log-in-page.tsx';
import { PasswordPage } from './pages/entrance/password-page.tsx';
import { HOUSE_PAGES } from './pages/house-pages.tsx';
import { Empty, Loading, TroubleNotice } from './parts/notice.tsx';
import { goTo, navigate, usePath, wantedAddress } from './router.ts';
import { isLanguage } from '../domain/language.ts';
import { language, words } from './words.ts';

const isOutside = (path: string) => Object.values<string>(OUTSIDE).includes(path);

function Page({ me, path }: { me: Me; path: string }) {
  const found = addressOf(path);
  if (found && INSIDE[found.address](me)) {
    const { Page: Shown } = HOUSE_PAGES[found.address];
    return <Shown key={path} me={me} id={found.id} />;
  }
  if (!canSeeAnything(me)) return <Empty title={words.dashboard.none} text={words.dashboard.noneViewer} />;
  return <NotFoundPage home={homeOf(me)} />;
}

function canSeeAnything({ permissions }: Me): boolean {
  return permissions.includes('live:read') || permissions.includes('own:read');
}

const OUTSIDE_TITLES: Readonly<Record<string, string>> = {
  [OUTSIDE.logIn]: words.logIn.title,
  [OUTSIDE.forgotten]: words.forgotten.title,
  [OUTSIDE.password]: words.setPassword.resetTitle,
};

function titleOf(path: string): string | undefined {
  const found = addressOf(path);
  return found ? HOUSE_PAGES[found.address].title : OUTSIDE_TITLES[path];
}

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
    if (me && (path === '/' || path === OUTSIDE.logIn || path === OUTSIDE.forgotten)) goTo(wantedAddress() ?? homeOf(me));
    if (!me && !isOutside(path))
      navigate(OUTSIDE.logIn + (path === '/' ? location.search : `?next=${encodeURIComponent(path + location.search)}`), { replace: true });
  }, [me, path]);
  useEffect(() => {
    const title = titleOf(path);
    document.title = title === undefined ? words.product : `${title} · ${words.product}`;
  }, [path]);

  useEffect(() => {
    // The link of a mail may be for somebody else.
    if (path !== OUTSIDE.password && me && isLanguage(me.language) && me.language !== language) switchLanguage(me.language);
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
    navigate(`${OUTSIDE.logIn}?next=${encodeURIComponent('/first-steps' satisfies Address)}`, { replace: true });
    return enter(entered);
  };
  const leave = async () => {
    try {
      await api.logOut();
    } catch (error) {
      // A session that is gone already needs no end.
      if (toTrouble(error).status !== 401) throw error;
    }
    navigate(OUTSIDE.logIn, { replace: true });
    setWhy('logged-out');
    setMe(null);
  };

  if (path === OUTSIDE.password) return <PasswordPage />;
  if (!me && path === OUTSIDE.forgotten) return <ForgottenPage />;
  if (!me) return firstNeeded ? <FirstAdministratorPage onLogIn={enterFirst} /> : <LogInPage why={why} onLogIn={enter} />;
  return (
    <Shell me={me} path={path} onLogOut={leave}>
      {path === '/' || isOutside(path) ? <Loading /> : <Page me={me} path={path} />}
    </Shell>
  );
}

export function App() {
  const { data: visit, trouble, reload } = useLoad('visit', readVisit);
  if (visit) return <House visit={visit} />;
  return <main class="entrance">{trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading />}</main>;
}
