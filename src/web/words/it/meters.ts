import type { meters as english } from '../en/meters.ts';

export const meters: typeof english = {
  meters: {
    title: 'Contatori',
    own: 'I miei contatori',
    meter: 'Contatore',
    flat: 'Alloggio',
    state: 'Stato',
    seen: 'Ultima lettura',
    power: 'Potenza adesso',
    counter: 'Totalizzatore',
    import: 'prelevata',
    export: 'ceduta',
    never: 'mai',
    empty: 'Qui non è ancora installato alcun contatore.',
    none: 'Ancora nessun contatore',
    emptySteps: 'I primi passi portano fin lì: linea, ricerca, modello, lettura di prova. I suoi valori compaiono qui appena viene letto.',
    count: (total: number, silent: number) =>
      `${total} ${total === 1 ? 'contatore' : 'contatori'}${silent === 0 ? ', tutti rispondono' : `, ${silent} ${silent === 1 ? 'muto' : 'muti'}`}`,
    countNew: (fresh: number) => `${fresh} non ancora ${fresh === 1 ? 'letto' : 'letti'}`,
    ok: 'Risponde',
    new: 'Nuovo, non ancora letto',
    closed: 'Chiuso',
    silent: (since: string) => `Muto da ${since}`,
    reasons: {
      'no-answer': 'non risponde',
      'line-down': 'la sua linea non è raggiungibile',
      'bad-reply': 'le sue risposte sono danneggiate',
      refused: 'rifiuta di rispondere',
      late: 'le sue risposte arrivano troppo tardi',
      'no-tick': 'nessuno lo ha interrogato',
      'not-read': 'la sua linea non è stata letta',
      'not-stored': 'i suoi valori non si sono potuti salvare',
    },
  },
};
