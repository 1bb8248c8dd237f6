export const common = {
  product: 'Wattbook',
  loading: 'Loading …',
  again: 'Try again',
  and: ' and ',
  nav: {
    main: 'Main',
    skip: 'Skip to the content',
    dashboard: 'Dashboard',
    own: 'My flat',
    bills: 'My bills',
    office: 'Back office',
    queues: 'Queues',
    logOut: 'Log out',
    loggedInAs: (name: string) => `Logged in as ${name}`,
    language: 'Language',
  },
  demo: {
    label: 'Demo building',
    text: 'Nobody lives here: its meters are simulated. To remove it, run',
    command: 'npx wattbook demo remove',
  },
  connection: {
    lost: 'Connection lost: the values below stand still. Wattbook is trying again by itself.',
    back: 'Connected again.',
  },
  notFound: {
    title: 'This page does not exist',
    text: 'The address is wrong, or the page is gone.',
    home: 'Go to the start page',
  },
  trouble: {
    title: 'This could not be loaded',
    network: 'The server cannot be reached. Check your connection, then try again.',
    server: 'The server could not answer. Try again in a moment; if it stays so, tell the people who run it.',
    rejected: 'The server did not accept this.',
  },
};
