import { z } from 'zod';
import { layOut, type RenderedMail } from './layout.ts';
import type { Language } from '../domain/language.ts';

export const passwordLinkData = z.object({
  name: z.string(),
  email: z.string(),
  /** Put in when the mail leaves. */
  token: z.string(),
});
export type PasswordLinkData = z.output<typeof passwordLinkData>;

const WORDS = {
  en: {
    account: 'Account',
    name: 'Name',
    reset: {
      subject: 'A new password for Wattbook',
      lead: 'Somebody asked for a new password for your account.',
      advice:
        'If that was you, choose one with this link. It works once, for one hour. If it was not you, do nothing: your password stays as it is.',
      link: 'Choose a new password',
      footer: 'You receive this mail because your address was entered at the log-in of Wattbook, the electricity ledger of your building.',
    },
    invitation: {
      subject: 'Your account at Wattbook',
      lead: 'You have been given an account at Wattbook, the electricity ledger of your building.',
      advice:
        'Choose your password and your language with this link. It works once, for seven days; after that ask the people who manage your building for another one.',
      link: 'Choose a password',
      footer: 'You receive this mail because the people who manage your building entered your address.',
    },
  },
  de: {
    account: 'Konto',
    name: 'Name',
    reset: {
      subject: 'Ein neues Passwort für Wattbook',
      lead: 'Jemand hat ein neues Passwort für Ihr Konto angefordert.',
      advice:
        'Wenn Sie es waren, wählen Sie es mit diesem Link. Er gilt einmal und eine Stunde lang. Wenn nicht, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.',
      link: 'Neues Passwort wählen',
      footer:
        'Sie erhalten diese Nachricht, weil Ihre Adresse bei der Anmeldung von Wattbook, dem Stromhauptbuch Ihres Gebäudes, eingegeben wurde.',
    },
    invitation: {
      subject: 'Ihr Konto bei Wattbook',
      lead: 'Für Sie wurde ein Konto bei Wattbook angelegt, dem Stromhauptbuch Ihres Gebäudes.',
      advice:
        'Wählen Sie mit diesem Link Ihr Passwort und Ihre Sprache. Er gilt einmal und sieben Tage lang; danach bitten Sie Ihre Hausverwaltung um einen neuen.',
      link: 'Passwort wählen',
      footer: 'Sie erhalten diese Nachricht, weil Ihre Hausverwaltung Ihre Adresse eingetragen hat.',
    },
  },
  it: {
    account: 'Account',
    name: 'Nome',
    reset: {
      subject: 'Una nuova password per Wattbook',
      lead: 'Qualcuno ha chiesto una nuova password per il tuo account.',
      advice:
        'Se sei stato tu, sceglila con questo link. Vale una sola volta, per un’ora. Altrimenti non fare nulla: la tua password resta com’è.',
      link: 'Scegli una nuova password',
      footer:
        'Ricevi questo messaggio perché il tuo indirizzo è stato inserito all’accesso di Wattbook, il libro mastro dell’elettricità del tuo edificio.',
    },
    invitation: {
      subject: 'Il tuo account su Wattbook',
      lead: 'È stato creato per te un account su Wattbook, il libro mastro dell’elettricità del tuo edificio.',
      advice:
        'Scegli la tua password e la tua lingua con questo link. Vale una sola volta, per sette giorni; poi chiedine un altro a chi amministra il tuo edificio.',
      link: 'Scegli una password',
      footer: 'Ricevi questo messaggio perché chi amministra il tuo edificio ha registrato il tuo indirizzo.',
    },
  },
};

/** The token stands behind the `#`: no server and no proxy ever writes it down. */
export function passwordLink(kind: 'reset' | 'invitation', data: PasswordLinkData, language: Language, appUrl: string): RenderedMail {
  const { account, name, [kind]: words } = WORDS[language];
  return layOut({
    language,
    tone: 'good',
    subject: words.subject,
    lead: words.lead,
    facts: [
      [name, data.name],
      [account, data.email],
    ],
    advice: words.advice,
    link: { label: words.link, url: `${appUrl.replace(/\/$/, '')}/password#${data.token}` },
    footer: words.footer,
  });
}
