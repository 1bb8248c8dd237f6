interface Appliance {
  /** Around when it starts, in local hours, and how far from that it may. */
  hour: number;
  spreadHours: number;
  minutes: number;
  watts: number;
  /** On which share of the days. */
  chance: number;
}

/** How the people of a flat live. The curves have a value per local hour, 0 asleep or out, 1 all at home and busy. */
export interface Temperament {
  baseW: number;
  activeW: number;
  weekday: readonly number[];
  weekend: readonly number[];
  appliances: readonly Appliance[];
}

const kettle = (hour: number): Appliance => ({ hour, spreadHours: 0.6, minutes: 5, watts: 1_900, chance: 0.85 });
const dinner = (hour: number, watts = 2_100): Appliance => ({ hour, spreadHours: 0.8, minutes: 40, watts, chance: 0.75 });
const washing = (hour: number, perDay: number): Appliance => ({ hour, spreadHours: 3, minutes: 80, watts: 620, chance: perDay });
const dishes = (hour: number, perDay: number): Appliance => ({ hour, spreadHours: 1, minutes: 70, watts: 760, chance: perDay });

//               0     1     2     3     4     5     6    7    8    9    10   11   12   13   14   15   16   17   18   19   20   21   22   23
const WORKING = [0.15, 0.05, 0.03, 0.03, 0.04, 0.2, 0.6, 0.7, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.15, 0.3, 0.6, 0.9, 1, 1, 0.9, 0.6, 0.3];
const AT_HOME = [0.1, 0.04, 0.03, 0.03, 0.05, 0.2, 0.5, 0.7, 0.7, 0.6, 0.6, 0.7, 0.8, 0.6, 0.5, 0.6, 0.7, 0.8, 1, 1, 0.9, 0.7, 0.4, 0.2];
const WEEKEND = [0.3, 0.15, 0.06, 0.04, 0.03, 0.04, 0.1, 0.2, 0.5, 0.8, 0.8, 0.8, 0.9, 0.7, 0.6, 0.6, 0.6, 0.7, 0.9, 1, 1, 0.9, 0.7, 0.5];
const LATE = [0.9, 0.7, 0.5, 0.2, 0.05, 0.03, 0.03, 0.04, 0.1, 0.3, 0.5, 0.5, 0.5, 0.4, 0.4, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1, 1];

export const temperaments = {
  'early-bird': {
    baseW: 55,
    activeW: 240,
    weekday: WORKING,
    weekend: WEEKEND,
    appliances: [kettle(5.8), kettle(16.5), dinner(18), washing(17, 0.3), dishes(20, 0.4)],
  },
  'night-owl': {
    baseW: 75,
    activeW: 260,
    weekday: LATE,
    weekend: LATE,
    appliances: [kettle(11), kettle(23), dinner(21.5), washing(20, 0.25)],
  },
  family: {
    baseW: 95,
    activeW: 420,
    weekday: AT_HOME,
    weekend: WEEKEND,
    appliances: [
      kettle(6.6),
      kettle(15.5),
      dinner(12.3, 1_500),
      dinner(18.3, 2_600),
      washing(10, 0.7),
      washing(16, 0.4),
      dishes(19.8, 0.9),
    ],
  },
  retired: {
    baseW: 60,
    activeW: 230,
    weekday: AT_HOME,
    weekend: AT_HOME,
    appliances: [kettle(7.3), kettle(15), dinner(12, 1_900), washing(10, 0.3), dishes(13.5, 0.3)],
  },
  commuter: {
    baseW: 45,
    activeW: 200,
    weekday: WORKING,
    weekend: WEEKEND,
    appliances: [kettle(6.2), dinner(19.3, 1_600), washing(11, 0.2)],
  },
  'home-office': {
    baseW: 80,
    activeW: 310,
    weekday: AT_HOME,
    weekend: WEEKEND,
    appliances: [kettle(8), kettle(10.5), kettle(14.5), dinner(12.7, 1_400), dinner(19, 1_900), washing(12, 0.35), dishes(20.5, 0.5)],
  },
  // Servers and lamps that never rest: the flat that is over its limit.
  studio: {
    baseW: 1_050,
    activeW: 500,
    weekday: LATE,
    weekend: LATE,
    appliances: [kettle(10), kettle(16), dinner(20)],
  },
} as const satisfies Record<string, Temperament>;

export type TemperamentName = keyof typeof temperaments;
