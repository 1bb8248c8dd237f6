export const own = {
  own: {
    title: 'My electricity',
    lead: (flat: string) => flat,
    none: 'No flat yet',
    noneText: 'No flat or meter has been given to your account for today. Ask the people who manage your building.',
  },
  bills: {
    title: 'My bills',
    none: 'No bill yet',
    noneText:
      'As soon as the people who manage your building issue your first bill, it appears here, with every quarter hour that it rests on.',
    number: (number: number) => `Bill no. ${number}`,
    corrects: (number: number) => `Corrects bill no. ${number}: it asks only for the difference.`,
    used: (energy: string, percent: number) => `${energy} used, ${percent} % of it from the building’s own production.`,
    estimated: (percent: number) => `${percent} % rest on an estimate.`,
    credit: 'to your credit',
    pdf: 'PDF',
    sheet: 'Spreadsheet',
  },
};
