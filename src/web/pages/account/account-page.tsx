import { api } from '../../data/api.ts';
import { switchLanguage } from '../../data/language.ts';
import { useLoad } from '../../data/use-load.ts';
import { useSending } from '../../data/use-sending.ts';
import { AccountCodes } from './account-codes.tsx';
import { AccountName } from './account-name.tsx';
import { AccountPassword } from './account-password.tsx';
import { AccountSessions } from './account-sessions.tsx';
import { LanguagePicker } from '../../parts/language-picker.tsx';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { Refused } from '../../parts/refused.tsx';
import { words } from '../../words.ts';

const { account: text } = words;

function LanguageCard() {
  const { trouble, send } = useSending();
  return (
    <section class="card form-card">
      <h2>{text.languageTitle}</h2>
      <p class="quiet-text">{text.languageHint}</p>
      <Refused trouble={trouble} />
      <LanguagePicker
        onPick={(language) =>
          void send(async () => {
            await api.changeAccount({ language });
            switchLanguage(language);
          })
        }
      />
    </section>
  );
}

function ProgramsCard() {
  return (
    <section class="card form-card">
      <h2>{text.programsTitle}</h2>
      <p class="quiet-text">{text.programsHint}</p>
      <p>
        <a href="/api/docs">{text.programsLink}</a>
      </p>
    </section>
  );
}

/** What belongs to the person: name, language, password, codes, sessions. */
export function AccountPage() {
  const { data: account, trouble, reload } = useLoad('account', () => api.readAccount());
  if (!account) return trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading rows={6} />;
  return (
    <>
      <div class="page-head">
        <h1>{text.title}</h1>
      </div>
      <div class="account">
        <div class="stack">
          <AccountName account={account} />
          <AccountPassword email={account.email} />
        </div>
        <div class="stack">
          <LanguageCard />
          <AccountCodes account={account} onChange={reload} />
          <ProgramsCard />
        </div>
        <AccountSessions />
      </div>
    </>
  );
}
