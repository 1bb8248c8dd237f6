import { DAY_MS } from './calendar.ts';

export interface Place {
  latitudeDeg: number;
  longitudeDeg: number;
}

export interface Sun {
  /** Sine of the height above the horizon; negative at night. */
  sinHeight: number;
  /** Cosine of the angle between the sun and the normal of a panel that faces south. */
  cosOnPanel: number;
}

const RAD = Math.PI / 180;

/** Position of the sun to about half a degree: declination after Cooper, equation of time after Spencer's short form. */
export function sunAt(ms: number, place: Place, panelTiltDeg: number): Sun {
  const dayOfYear = (ms / DAY_MS) % 365.25;
  const declination = 23.45 * RAD * Math.sin((2 * Math.PI * (dayOfYear + 285)) / 365.25);
  const b = (2 * Math.PI * (dayOfYear - 80)) / 365.25;
  const equationOfTimeMin = 9.87 * Math.sin(2 * b) - 7.53 * Math.cos(b) - 1.5 * Math.sin(b);
  const solarHour = ((ms % DAY_MS) / DAY_MS) * 24 + place.longitudeDeg / 15 + equationOfTimeMin / 60;
  const hourAngle = (solarHour - 12) * 15 * RAD;
  const across = Math.cos(declination) * Math.cos(hourAngle);
  const along = Math.sin(declination);
  const latitude = place.latitudeDeg * RAD;
  const tilted = latitude - panelTiltDeg * RAD;
  return {
    sinHeight: along * Math.sin(latitude) + across * Math.cos(latitude),
    cosOnPanel: along * Math.sin(tilted) + across * Math.cos(tilted),
  };
}
