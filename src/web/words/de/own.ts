import type { own as english } from '../en/own.ts';

export const own: typeof english = {
  own: {
    title: 'Mein Strom',
    lead: (flat: string) => flat,
    none: 'Noch keine Wohnung',
    noneText: 'Ihrem Konto ist für heute keine Wohnung und kein Zähler zugeteilt. Fragen Sie Ihre Hausverwaltung.',
  },
  bills: {
    title: 'Meine Rechnungen',
    none: 'Noch keine Rechnung',
    noneText: 'Sobald Ihre Hausverwaltung die erste Rechnung ausstellt, erscheint sie hier, mit jeder Viertelstunde, auf der sie beruht.',
    number: (number: number) => `Rechnung Nr. ${number}`,
    corrects: (number: number) => `Berichtigt Rechnung Nr. ${number}: Sie verlangt nur den Unterschied.`,
    used: (energy: string, percent: number) => `${energy} verbraucht, davon ${percent} % aus der eigenen Erzeugung des Gebäudes.`,
    estimated: (percent: number) => `${percent} % beruhen auf einer Schätzung.`,
    credit: 'zu Ihren Gunsten',
    pdf: 'PDF',
    sheet: 'Tabelle',
  },
};
