import type { TemperamentName } from './temperaments.ts';

export interface DemoHousehold {
  name: string;
  areaM2: number;
  temperament: TemperamentName;
  party: string;
  since: string;
}

/** By line: each house has its own gateway. Invented people. */
export const FRONT_HOUSE: readonly DemoHousehold[] = [
  { name: 'Front house, ground floor left', areaM2: 78, temperament: 'retired', party: 'Hanna and Karl Winter', since: '2009-05-01' },
  { name: 'Front house, ground floor middle', areaM2: 38, temperament: 'commuter', party: 'Jonas Feld', since: '2022-02-01' },
  { name: 'Front house, ground floor right', areaM2: 84, temperament: 'family', party: 'Family Okafor', since: '2018-08-01' },
  { name: 'Front house, 1st floor left', areaM2: 82, temperament: 'family', party: 'Family Sommer', since: '2016-04-01' },
  { name: 'Front house, 1st floor middle', areaM2: 41, temperament: 'early-bird', party: 'Marta Lindqvist', since: '2020-10-01' },
  { name: 'Front house, 1st floor right', areaM2: 86, temperament: 'home-office', party: 'Priya Nair and Tom Berger', since: '2021-03-01' },
  { name: 'Front house, 2nd floor left', areaM2: 82, temperament: 'home-office', party: 'Clara Stein', since: '2019-01-01' },
  { name: 'Front house, 2nd floor middle', areaM2: 41, temperament: 'night-owl', party: 'Luca Moretti', since: '2023-09-01' },
  { name: 'Front house, 2nd floor right', areaM2: 86, temperament: 'family', party: 'Family Yilmaz', since: '2014-07-01' },
  { name: 'Front house, 3rd floor left', areaM2: 80, temperament: 'early-bird', party: 'Ruth Albrecht', since: '2011-11-01' },
  { name: 'Front house, 3rd floor middle', areaM2: 40, temperament: 'commuter', party: 'Sofia Novak', since: '2024-04-01' },
  { name: 'Front house, 3rd floor right', areaM2: 84, temperament: 'retired', party: 'Georg and Ilse Brandt', since: '2003-06-01' },
];

export const GARDEN_HOUSE: readonly DemoHousehold[] = [
  { name: 'Garden house, ground floor left', areaM2: 64, temperament: 'retired', party: 'Walter Kruse', since: '2007-02-01' },
  { name: 'Garden house, ground floor right', areaM2: 67, temperament: 'home-office', party: 'Amira Haddad', since: '2022-06-01' },
  { name: 'Garden house, 1st floor left', areaM2: 70, temperament: 'family', party: 'Family Petersen', since: '2017-09-01' },
  { name: 'Garden house, 1st floor right', areaM2: 72, temperament: 'commuter', party: 'Ben Adler and Nils Hoffmann', since: '2021-12-01' },
  { name: 'Garden house, 2nd floor left', areaM2: 70, temperament: 'night-owl', party: 'Mei Chen', since: '2023-01-01' },
  { name: 'Garden house, 2nd floor right', areaM2: 72, temperament: 'early-bird', party: 'Paula Richter', since: '2015-03-01' },
  { name: 'Garden house, 3rd floor left', areaM2: 69, temperament: 'family', party: 'Family Kowalski', since: '2019-08-01' },
  { name: 'Garden house, 3rd floor right', areaM2: 71, temperament: 'home-office', party: 'Elena Fuchs', since: '2020-05-01' },
];

export const ATTIC: readonly DemoHousehold[] = [
  { name: 'Front house, attic left', areaM2: 52, temperament: 'studio', party: 'Studio Lichtblick', since: '2021-10-01' },
  { name: 'Front house, attic right', areaM2: 46, temperament: 'night-owl', party: 'David Rosen', since: '2024-10-01' },
  { name: 'Garden house, attic left', areaM2: 44, temperament: 'commuter', party: 'Nora Engel', since: '2022-11-01' },
  { name: 'Garden house, attic right', areaM2: 48, temperament: 'early-bird', party: 'Emil Jansen', since: '2018-12-01' },
];

/** The flat whose meter was exchanged, and whose people changed, within the history. */
export const EXCHANGED_FLAT = 'Garden house, 2nd floor left';
export const NEW_PARTY = { name: 'Aylin Demir', monthsAgo: 5 };
export const DEAD_FLAT = 'Front house, 3rd floor middle';
export const OVER_LIMIT_FLAT = 'Front house, attic left';
export const TENANT_FLAT = 'Front house, 1st floor right';
