import type { entrance as english } from '../en/entrance.ts';

export const entrance: typeof english = {
  logIn: {
    title: 'Anmelden',
    lead: 'Sehen Sie in diesem Augenblick, was Ihr Gebäude verbraucht und erzeugt.',
    email: 'E-Mail',
    password: 'Passwort',
    show: 'Passwort zeigen',
    hide: 'Passwort verbergen',
    submit: 'Anmelden',
    busy: 'Anmeldung läuft …',
    capsLock: 'Die Feststelltaste ist eingeschaltet.',
    emailMissing: 'Geben Sie Ihre E-Mail-Adresse ein.',
    emailBroken: 'Das ist keine vollständige E-Mail-Adresse wie name@example.com.',
    passwordMissing: 'Geben Sie Ihr Passwort ein.',
    ended: 'Ihre Sitzung ist abgelaufen. Melden Sie sich erneut an, um weiterzumachen.',
    loggedOut: 'Sie sind abgemeldet.',
    help: 'Noch kein Konto, oder das Passwort vergessen? Fragen Sie Ihre Hausverwaltung.',
  },
  first: {
    title: 'Administrator anlegen',
    lead: 'Dieses Wattbook ist neu. Das erste Konto darf alles: Es legt alle weiteren an.',
    name: 'Ihr Name',
    code: 'Einmalcode',
    codeHint: 'Er steht in der Konsole, in der Wattbook gestartet wurde.',
    passwordHint: 'Mindestens 12 Zeichen. Gut sind ein paar Wörter hintereinander.',
    submit: 'Anlegen und anmelden',
    busy: 'Wird angelegt …',
    missing: 'Füllen Sie dieses Feld aus.',
  },
};
