import type { entrance as english } from '../en/entrance.ts';

export const entrance: typeof english = {
  logIn: {
    title: 'Accedi',
    lead: 'Guarda in tempo reale quanto consuma e produce il tuo edificio.',
    email: 'E-mail',
    password: 'Password',
    show: 'Mostra la password',
    hide: 'Nascondi la password',
    submit: 'Accedi',
    busy: 'Accesso in corso …',
    capsLock: 'Il blocco delle maiuscole è attivo.',
    emailMissing: 'Inserisci il tuo indirizzo e-mail.',
    emailBroken: 'Questo non è un indirizzo e-mail completo, come nome@example.com.',
    passwordMissing: 'Inserisci la password.',
    ended: 'La sessione è terminata. Accedi di nuovo per continuare.',
    loggedOut: 'Sei uscito.',
    help: 'Non hai un account o hai perso la password? Chiedi a chi amministra il tuo edificio.',
  },
  first: {
    title: 'Crea l’amministratore',
    lead: 'Questo Wattbook è nuovo. Il primo account può fare tutto: crea tutti gli altri.',
    name: 'Il tuo nome',
    code: 'Codice monouso',
    codeHint: 'Si trova nella console in cui Wattbook è stato avviato.',
    passwordHint: 'Almeno 12 caratteri. Va bene una sequenza di alcune parole.',
    submit: 'Crea e accedi',
    busy: 'Creazione in corso …',
    missing: 'Compila questo campo.',
  },
};
