import { z } from 'zod';
import { layOut, type RenderedMail } from './layout.ts';
import type { Language } from '../domain/language.ts';

export const contactData = z.object({
  building: z.string(),
  name: z.string(),
  email: z.string(),
  subject: z.string(),
  message: z.string(),
});
export type ContactData = z.output<typeof contactData>;

const WORDS = {
  en: {
    lead: (name: string, building: string) => `${name} writes about ${building}.`,
    names: { from: 'From', subject: 'Subject' },
    advice: 'Answer this mail: your answer goes to the person, and not to Wattbook.',
    link: 'Open Wattbook',
    footer: (building: string) =>
      `You receive this mail because your address is entered for ${building}. It was written by somebody who is logged in at Wattbook.`,
  },
  de: {
    lead: (name: string, building: string) => `${name} schreibt zu ${building}.`,
    names: { from: 'Von', subject: 'Betreff' },
    advice: 'Antworten Sie auf diese Nachricht: Ihre Antwort geht an die Person und nicht an Wattbook.',
    link: 'Wattbook öffnen',
    footer: (building: string) =>
      `Sie erhalten diese Nachricht, weil Ihre Adresse für ${building} eingetragen ist. Geschrieben hat sie jemand, der bei Wattbook angemeldet ist.`,
  },
  it: {
    lead: (name: string, building: string) => `${name} scrive a proposito di ${building}.`,
    names: { from: 'Da', subject: 'Oggetto' },
    advice: 'Rispondi a questo messaggio: la risposta arriva alla persona e non a Wattbook.',
    link: 'Apri Wattbook',
    footer: (building: string) =>
      `Ricevi questo messaggio perché il tuo indirizzo è registrato per ${building}. L’ha scritto una persona che ha effettuato l’accesso a Wattbook.`,
  },
};

/** What somebody wrote by the form, to the people of the building. */
export function contact(data: ContactData, language: Language, appUrl: string): RenderedMail {
  const words = WORDS[language];
  return {
    ...layOut({
      language,
      tone: 'good',
      subject: `${data.building}: ${data.subject}`,
      lead: words.lead(data.name, data.building),
      facts: [
        [words.names.from, `${data.name}, ${data.email}`],
        [words.names.subject, data.subject],
      ],
      quote: data.message,
      advice: words.advice,
      link: { label: words.link, url: appUrl },
      footer: words.footer(data.building),
    }),
    replyTo: { name: data.name, address: data.email },
  };
}
