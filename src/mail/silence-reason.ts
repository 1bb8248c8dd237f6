import type { GapReason } from '../domain/gap.ts';
import type { Language } from '../domain/language.ts';

const SENTENCES: Record<Language, Record<GapReason, string>> = {
  en: {
    'no-answer': 'The meter did not answer, although its line is up. Power of the meter, its address or its wiring may be the cause.',
    'line-down': 'The device that leads to the meter cannot be reached. Its power or the network may be the cause.',
    'bad-reply': 'What came back was damaged and was thrown away. A disturbed cable or two meters with one address may be the cause.',
    refused: 'The meter answered, but refused to give its values. It may be another model than the one entered.',
    late: 'The reading came too late for its time and was left out.',
    'no-tick': 'Nobody asked the meter, because Wattbook was not running.',
    'not-read': 'The program that reads this line was not running.',
    'not-stored': 'The meter was read, but its values could not be stored.',
  },
  de: {
    'no-answer':
      'Der Zähler hat nicht geantwortet, obwohl seine Leitung in Betrieb ist. Ursache können Stromversorgung, Adresse oder Verdrahtung des Zählers sein.',
    'line-down': 'Das Gerät, das zum Zähler führt, ist nicht erreichbar. Ursache können seine Stromversorgung oder das Netzwerk sein.',
    'bad-reply':
      'Die Antwort war beschädigt und wurde verworfen. Ursache können eine gestörte Leitung oder zwei Zähler mit gleicher Adresse sein.',
    refused: 'Der Zähler hat geantwortet, aber keine Werte herausgegeben. Vielleicht ist ein anderes Modell eingetragen als eingebaut.',
    late: 'Die Ablesung kam zu spät für ihren Zeitpunkt und wurde ausgelassen.',
    'no-tick': 'Der Zähler wurde nicht gefragt, weil Wattbook nicht lief.',
    'not-read': 'Das Programm, das diese Leitung abliest, lief nicht.',
    'not-stored': 'Der Zähler wurde abgelesen, aber seine Werte konnten nicht gespeichert werden.',
  },
  it: {
    'no-answer':
      'Il contatore non ha risposto, benché la sua linea funzioni. La causa può essere l’alimentazione, l’indirizzo o il cablaggio del contatore.',
    'line-down': 'Il dispositivo che porta al contatore non è raggiungibile. La causa può essere la sua alimentazione o la rete.',
    'bad-reply':
      'La risposta era danneggiata ed è stata scartata. La causa può essere un cavo disturbato o due contatori con lo stesso indirizzo.',
    refused: 'Il contatore ha risposto, ma ha rifiutato di dare i suoi valori. Forse il modello registrato non è quello installato.',
    late: 'La lettura è arrivata troppo tardi per il suo orario ed è stata tralasciata.',
    'no-tick': 'Nessuno ha interrogato il contatore, perché Wattbook non era in funzione.',
    'not-read': 'Il programma che legge questa linea non era in funzione.',
    'not-stored': 'Il contatore è stato letto, ma i suoi valori non si sono potuti salvare.',
  },
};

export function isGapReason(reason: string): reason is GapReason {
  return reason in SENTENCES.en;
}

export function sayReason(reason: GapReason, language: Language): string {
  return SENTENCES[language][reason];
}
