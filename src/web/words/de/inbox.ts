import type { inbox as english } from '../en/inbox.ts';

export const inbox: typeof english = {
  inbox: {
    title: 'Hinweise',
    lead: 'Was Wattbook Ihnen gesagt hat, das Neueste zuerst.',
    unread: (count: number) => `${count} ungelesen`,
    fresh: 'Ungelesen',
    earlier: 'Gelesen',
    readAll: 'Alle als gelesen markieren',
    read: 'Als gelesen markieren',
    older: 'Ältere zeigen',
    look: 'Den Tag ansehen',
    none: 'Noch kein Hinweis',
    noneText:
      'Wenn eine Stunde mehr braucht als ihre Grenze, erfahren Sie es sofort auf jeder offenen Seite, und es bleibt hier, damit Sie es später lesen können.',
    noneFresh: 'Nichts Ungelesenes.',
    overLimit: (flat: string) => `${flat} liegt über der Grenze`,
    overText: (energy: string, limit: string) => `${energy} in der Stunde; die Grenze ist ${limit}.`,
    hour: (day: string, from: string, to: string) => `${day}, ${from} bis ${to}`,
    withdrawn: 'Zurückgenommen: Nach allem, was jetzt bekannt ist, war es nicht zu viel.',
    toasts: 'Neue Hinweise',
    away: (count: number) => `Sie haben ${count} ungelesene Hinweise`,
    awayText: 'Sie kamen, während Sie weg waren.',
    open: 'Hinweise öffnen',
    dismiss: 'Diesen Hinweis schließen',
  },
};
