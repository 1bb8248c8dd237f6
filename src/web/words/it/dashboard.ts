import type { dashboard as english } from '../en/dashboard.ts';

export const dashboard: typeof english = {
  dashboard: {
    title: 'Panoramica',
    building: 'Edificio',
    none: 'Ancora nessun edificio',
    noneSteps: 'I primi passi portano dall’edificio alla prima lettura; i suoi contatori compaiono qui appena vengono letti.',
    noneViewer: 'Al tuo account non è assegnato alcun edificio. Chiedi a chi lo amministra.',
  },
  power: {
    title: 'Potenza adesso',
    consumption: 'Consumo',
    production: 'Produzione',
    gridImport: 'Dalla rete',
    gridExport: 'Verso la rete',
    gridEven: 'Rete',
    newest: 'Valore più recente',
    ago: (age: string) => `${age} fa`,
    waiting: 'Ancora nessun valore',
    missing: (count: number) =>
      count === 1
        ? '1 contatore senza un valore recente non è nella somma'
        : `${count} contatori senza un valore recente non sono nella somma`,
    noMeter: 'Nessun contatore per questo',
    share: (percent: number) => `${percent} % dalla produzione propria`,
  },
  flow: {
    title: 'Come scorre l’energia',
    sources: 'Fonti',
    uses: 'Utilizzi',
    kinds: {
      grid: 'Rete',
      producer: 'Produzione propria',
      storage: 'Accumulo',
      consumer: 'Alloggi',
      common: 'Parti comuni',
      ev: 'Ricarica',
    },
    back: { grid: 'immessa', producer: 'uso proprio', storage: 'in carica', consumer: 'ceduta', common: 'ceduta', ev: 'ceduta' },
  },
  day: {
    title: 'Oggi',
    until: (time: string) => `fino alle ${time}`,
    used: 'Consumata',
    made: 'Prodotta',
    against: 'Rispetto a ieri',
    before: (energy: string, time: string) => `${energy} ieri fino alle ${time}`,
    notSettled: 'La giornata di ieri è ancora in calcolo',
    noBefore: 'Di ieri fino a quell’ora non si sa nulla',
    high: 'Massimo',
    low: 'Minimo',
    slot: (from: string, to: string) => `dalle ${from} alle ${to}`,
    own: 'Autosufficienza',
    ownNote: 'dalla produzione propria',
    consumers: 'Consumatori',
    producers: 'Produttori',
    standing: (running: number, silent: number, unread: number) =>
      [
        ...(running > 0 ? [`${running} in funzione`] : []),
        ...(silent > 0 ? [`${silent} ${silent === 1 ? 'muto' : 'muti'}`] : []),
        ...(unread > 0 ? [`${unread} non ancora ${unread === 1 ? 'letto' : 'letti'}`] : []),
      ].join(', '),
    waiting: 'Oggi non è ancora stato letto nulla. I primi dati compaiono con il primo quarto d’ora.',
    incomplete: (today: number, before: number) =>
      `Un contatore manca nelle somme in ${[
        ...(today > 0 ? [`${today} ${today === 1 ? 'quarto d’ora' : 'quarti d’ora'} di oggi`] : []),
        ...(before > 0 ? [`${before} di ieri`] : []),
      ].join(' e ')}: il consumo è almeno questo.`,
    toSettle: (points: number) =>
      points === 1
        ? 'L’energia di un contatore è ancora in calcolo dalle letture: questi dati possono cambiare.'
        : `L’energia di ${points} contatori è ancora in calcolo dalle letture: questi dati possono cambiare.`,
  },
  top: {
    title: 'I cinque alloggi che oggi consumano di più',
    lead: (share: string) => `Insieme il ${share} del consumo dell’edificio`,
    atLeast: 'almeno: il suo contatore a tratti manca',
    empty: 'Oggi non è ancora noto il consumo di alcun alloggio. I primi compaiono con il primo quarto d’ora.',
  },
};
