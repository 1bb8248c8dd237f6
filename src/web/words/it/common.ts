import type { common as english } from '../en/common.ts';

export const common: typeof english = {
  product: 'Wattbook',
  loading: 'Caricamento …',
  again: 'Riprova',
  and: ' e ',
  csv: 'Scarica come CSV',
  nav: {
    main: 'Menu principale',
    skip: 'Vai al contenuto',
    dashboard: 'Panoramica',
    meters: 'Contatori',
    history: 'Storico',
    own: 'Il mio alloggio',
    bills: 'Le mie bollette',
    chat: 'Messaggi',
    inbox: 'Avvisi',
    office: 'Amministrazione',
    queues: 'Code di lavoro',
    account: 'Account',
    downloads: 'Download',
    contact: 'Contatti',
    api: 'API',
    logOut: 'Esci',
    loggedInAs: (name: string) => `Accesso effettuato come ${name}`,
    language: 'Lingua',
  },
  demo: {
    label: 'Edificio dimostrativo',
    text: 'Qui non abita nessuno: i contatori sono simulati. Per rimuoverlo, eseguire',
    command: 'npx wattbook demo remove',
  },
  connection: {
    lost: 'Connessione interrotta: i valori qui sotto sono fermi. Wattbook continua a riprovare da solo.',
    back: 'Connessione ristabilita.',
  },
  notFound: {
    title: 'Questa pagina non esiste',
    text: 'L’indirizzo è sbagliato oppure la pagina è stata rimossa.',
    home: 'Vai alla pagina iniziale',
  },
  trouble: {
    title: 'Impossibile caricare i dati',
    network: 'Il server non è raggiungibile. Controlla la connessione, poi riprova.',
    server: 'Il server non ha potuto rispondere. Riprova tra un momento; se il problema rimane, avvisa chi lo gestisce.',
  },
};
