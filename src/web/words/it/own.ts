import type { own as english } from '../en/own.ts';

export const own: typeof english = {
  own: {
    title: 'La mia elettricità',
    lead: (flat: string) => flat,
    none: 'Ancora nessun alloggio',
    noneText: 'Al tuo account oggi non è assegnato alcun alloggio o contatore. Chiedi a chi amministra il tuo edificio.',
  },
  bills: {
    title: 'Le mie bollette',
    none: 'Ancora nessuna bolletta',
    noneText: 'Appena chi amministra il tuo edificio emette la prima bolletta, compare qui, con ogni quarto d’ora su cui si basa.',
    number: (number: number) => `Bolletta n. ${number}`,
    corrects: (number: number) => `Corregge la bolletta n. ${number}: chiede solo la differenza.`,
    used: (energy: string, percent: number) => `${energy} consumati, il ${percent} % dalla produzione propria dell’edificio.`,
    estimated: (percent: number) => `Il ${percent} % si basa su una stima.`,
    credit: 'a tuo credito',
    pdf: 'PDF',
    sheet: 'Foglio di calcolo',
  },
};
