export const dashboard = {
  dashboard: {
    title: 'Dashboard',
    building: 'Building',
    none: 'No building yet',
    noneSteps: 'The first steps lead from the building to the first reading; its meters appear here as soon as they are read.',
    noneViewer: 'No building has been given to your account. Ask the people who manage it.',
  },
  power: {
    title: 'Power now',
    consumption: 'Consumption',
    production: 'Production',
    gridImport: 'From the grid',
    gridExport: 'To the grid',
    gridEven: 'Grid',
    newest: 'Newest value',
    ago: (age: string) => `${age} ago`,
    waiting: 'No value yet',
    missing: (count: number) =>
      count === 1 ? '1 meter without a fresh value is not in the sum' : `${count} meters without a fresh value are not in the sum`,
    noMeter: 'No meter for this',
    share: (percent: number) => `${percent} % from the own production`,
  },
  flow: {
    title: 'How the power flows',
    sources: 'Sources',
    uses: 'Uses',
    kinds: { grid: 'Grid', producer: 'Own production', storage: 'Storage', consumer: 'Flats', common: 'Common area', ev: 'Charging' },
    back: { grid: 'delivered', producer: 'own use', storage: 'charging', consumer: 'delivered', common: 'delivered', ev: 'delivered' },
  },
  day: {
    title: 'Today',
    until: (time: string) => `until ${time}`,
    used: 'Used',
    made: 'Made',
    against: 'Against yesterday',
    before: (energy: string, time: string) => `${energy} yesterday until ${time}`,
    notSettled: 'Yesterday is still being worked out',
    noBefore: 'Nothing is known of yesterday until then',
    high: 'Highest',
    low: 'Lowest',
    slot: (from: string, to: string) => `${from} to ${to}`,
    own: 'Self-sufficiency',
    ownNote: 'from the own production',
    consumers: 'Consumers',
    producers: 'Producers',
    standing: (running: number, silent: number, unread: number) =>
      [
        ...(running > 0 ? [`${running} running`] : []),
        ...(silent > 0 ? [`${silent} silent`] : []),
        ...(unread > 0 ? [`${unread} not read yet`] : []),
      ].join(', '),
    waiting: 'Nothing was read today yet. The first figures appear with the first quarter hour.',
    incomplete: (today: number, before: number) =>
      `A meter is missing from the sums in ${[
        ...(today > 0 ? [`${today} quarter ${today === 1 ? 'hour' : 'hours'} of today`] : []),
        ...(before > 0 ? [`${before} of yesterday`] : []),
      ].join(' and ')}: what was used is at least as much.`,
    toSettle: (points: number) =>
      `The energy of ${points} ${points === 1 ? 'meter' : 'meters'} is being worked out from the readings: these figures still change.`,
  },
  top: {
    title: 'Top five flats of today',
    lead: (share: string) => `Together ${share} of what the building used`,
    atLeast: 'at least: its meter is missing at times',
    empty: 'No flat is known to have used anything today yet. The first ones appear with the first quarter hour.',
  },
};
