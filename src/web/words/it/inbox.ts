import type { inbox as english } from '../en/inbox.ts';

export const inbox: typeof english = {
  inbox: {
    title: 'Avvisi',
    lead: 'Ciò che Wattbook ti ha detto, il più nuovo per primo.',
    unread: (count: number) => (count === 1 ? '1 da leggere' : `${count} da leggere`),
    fresh: 'Da leggere',
    earlier: 'Letti',
    readAll: 'Segna tutti come letti',
    read: 'Segna come letto',
    older: 'Mostra i più vecchi',
    look: 'Guarda il giorno',
    none: 'Ancora nessun avviso',
    noneText:
      'Quando un’ora consuma più del suo limite, lo sai subito su ogni pagina aperta, e resta qui perché tu possa leggerlo più tardi.',
    noneFresh: 'Niente da leggere.',
    overLimit: (flat: string) => `${flat} è oltre il limite`,
    overText: (energy: string, limit: string) => `${energy} nell’ora; il limite è ${limit}.`,
    hour: (day: string, from: string, to: string) => `${day}, dalle ${from} alle ${to}`,
    withdrawn: 'Ritirato: per ciò che si sa ora non era troppo.',
    toasts: 'Nuovi avvisi',
    away: (count: number) => `Hai ${count} avvisi da leggere`,
    awayText: 'Sono arrivati mentre non c’eri.',
    open: 'Apri gli avvisi',
    dismiss: 'Chiudi questo avviso',
  },
};
