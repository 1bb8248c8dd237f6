import type { common as english } from '../en/common.ts';

export const common: typeof english = {
  product: 'Wattbook',
  loading: 'Wird geladen …',
  again: 'Erneut versuchen',
  and: ' und ',
  csv: 'Als CSV herunterladen',
  nav: {
    main: 'Hauptmenü',
    skip: 'Zum Inhalt springen',
    dashboard: 'Übersicht',
    meters: 'Zähler',
    history: 'Verlauf',
    own: 'Meine Wohnung',
    bills: 'Meine Rechnungen',
    chat: 'Nachrichten',
    inbox: 'Hinweise',
    office: 'Verwaltung',
    queues: 'Warteschlangen',
    account: 'Konto',
    downloads: 'Downloads',
    contact: 'Kontakt',
    api: 'API',
    logOut: 'Abmelden',
    loggedInAs: (name: string) => `Angemeldet als ${name}`,
    language: 'Sprache',
  },
  demo: {
    label: 'Vorführgebäude',
    text: 'Hier wohnt niemand: Die Zähler sind simuliert. Zum Entfernen dient der Befehl',
    command: 'npx wattbook demo remove',
  },
  connection: {
    lost: 'Verbindung unterbrochen: Die Werte unten stehen still. Wattbook versucht es von selbst weiter.',
    back: 'Wieder verbunden.',
  },
  notFound: {
    title: 'Diese Seite gibt es nicht',
    text: 'Die Adresse ist falsch, oder die Seite wurde entfernt.',
    home: 'Zur Startseite',
  },
  trouble: {
    title: 'Das konnte nicht geladen werden',
    network: 'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es dann erneut.',
    server: 'Der Server konnte nicht antworten. Versuchen Sie es gleich noch einmal; bleibt es dabei, wenden Sie sich an die Betreiber.',
  },
};
