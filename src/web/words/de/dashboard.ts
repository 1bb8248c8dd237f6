import type { dashboard as english } from '../en/dashboard.ts';

export const dashboard: typeof english = {
  dashboard: {
    title: 'Übersicht',
    building: 'Gebäude',
    none: 'Noch kein Gebäude',
    noneSteps: 'Die ersten Schritte führen vom Gebäude zur ersten Ablesung; seine Zähler erscheinen hier, sobald sie abgelesen werden.',
    noneViewer: 'Ihrem Konto ist kein Gebäude zugeteilt. Fragen Sie die Menschen, die es verwalten.',
  },
  power: {
    title: 'Leistung jetzt',
    consumption: 'Verbrauch',
    production: 'Erzeugung',
    gridImport: 'Aus dem Netz',
    gridExport: 'Ins Netz',
    gridEven: 'Netz',
    newest: 'Neuester Wert',
    ago: (age: string) => `vor ${age}`,
    waiting: 'Noch kein Wert',
    missing: (count: number) =>
      count === 1 ? '1 Zähler ohne frischen Wert fehlt in der Summe' : `${count} Zähler ohne frischen Wert fehlen in der Summe`,
    noMeter: 'Dafür gibt es keinen Zähler',
    share: (percent: number) => `${percent} % aus eigener Erzeugung`,
  },
  flow: {
    title: 'So fließt der Strom',
    sources: 'Quellen',
    uses: 'Verbraucher',
    kinds: {
      grid: 'Netz',
      producer: 'Eigene Erzeugung',
      storage: 'Speicher',
      consumer: 'Wohnungen',
      common: 'Allgemeinstrom',
      ev: 'Laden',
    },
    back: { grid: 'eingespeist', producer: 'Eigenbedarf', storage: 'lädt', consumer: 'geliefert', common: 'geliefert', ev: 'geliefert' },
  },
  day: {
    title: 'Heute',
    until: (time: string) => `bis ${time}`,
    used: 'Verbraucht',
    made: 'Erzeugt',
    against: 'Gegenüber gestern',
    before: (energy: string, time: string) => `${energy} gestern bis ${time}`,
    notSettled: 'Der gestrige Tag wird noch berechnet',
    noBefore: 'Von gestern ist bis dahin nichts bekannt',
    high: 'Höchstwert',
    low: 'Tiefstwert',
    slot: (from: string, to: string) => `${from} bis ${to}`,
    own: 'Autarkie',
    ownNote: 'aus eigener Erzeugung',
    consumers: 'Verbraucher',
    producers: 'Erzeuger',
    standing: (running: number, silent: number, unread: number) =>
      [
        ...(running > 0 ? [`${running} in Betrieb`] : []),
        ...(silent > 0 ? [`${silent} stumm`] : []),
        ...(unread > 0 ? [`${unread} noch nicht abgelesen`] : []),
      ].join(', '),
    waiting: 'Heute wurde noch nichts abgelesen. Die ersten Zahlen erscheinen mit der ersten Viertelstunde.',
    incomplete: (today: number, before: number) =>
      `In den Summen fehlt ein Zähler in ${[
        ...(today > 0 ? [`${today} ${today === 1 ? 'Viertelstunde' : 'Viertelstunden'} von heute`] : []),
        ...(before > 0 ? [`${before} von gestern`] : []),
      ].join(' und ')}: Verbraucht wurde mindestens so viel.`,
    toSettle: (points: number) =>
      points === 1
        ? 'Die Energie eines Zählers wird noch aus den Ablesungen berechnet: Diese Zahlen ändern sich noch.'
        : `Die Energie von ${points} Zählern wird noch aus den Ablesungen berechnet: Diese Zahlen ändern sich noch.`,
  },
  top: {
    title: 'Die fünf größten Verbraucher heute',
    lead: (share: string) => `Zusammen ${share} des Verbrauchs im Gebäude`,
    atLeast: 'mindestens: Der Zähler fehlt zeitweise',
    empty: 'Von keiner Wohnung ist heute schon ein Verbrauch bekannt. Die ersten erscheinen mit der ersten Viertelstunde.',
  },
};
