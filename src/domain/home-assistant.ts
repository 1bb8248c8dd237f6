import { camelName, isQuantity, unitOf, type Unit } from './quantity.ts';
import { stateTopic, statusTopic, valueTopic, type PublishedMeter } from './published-meter.ts';

/** What Home Assistant calls what is measured, and how its sums go. */
const CLASSES: Readonly<Record<Unit, { device_class?: string; state_class: 'measurement' | 'total_increasing' }>> = {
  V: { device_class: 'voltage', state_class: 'measurement' },
  A: { device_class: 'current', state_class: 'measurement' },
  W: { device_class: 'power', state_class: 'measurement' },
  var: { device_class: 'reactive_power', state_class: 'measurement' },
  VA: { device_class: 'apparent_power', state_class: 'measurement' },
  '': { device_class: 'power_factor', state_class: 'measurement' },
  Hz: { device_class: 'frequency', state_class: 'measurement' },
  Wh: { device_class: 'energy', state_class: 'total_increasing' },
  varh: { state_class: 'total_increasing' },
};

export interface Discovery {
  topic: string;
  payload: object;
}

export interface DiscoveryOptions {
  /** Where Home Assistant looks for devices, `homeassistant` by itself. */
  prefix: string;
  base: string;
  version: string;
  url: string;
}

function component(meter: PublishedMeter, quantity: string, base: string): object {
  const unit = isQuantity(quantity) ? unitOf(quantity) : '';
  const name = quantity.replaceAll('_', ' ');
  return {
    platform: 'sensor',
    unique_id: `${base}-${meter.meterId}-${quantity}`,
    name: name.charAt(0).toUpperCase() + name.slice(1),
    ...CLASSES[unit],
    ...(unit === '' ? {} : { unit_of_measurement: unit }),
    state_topic: valueTopic(base, meter),
    // A quantity that is not known is unknown, and never 0.
    value_template: `{{ value_json.values.${camelName(quantity)} | default(none) }}`,
    availability: [
      { topic: statusTopic(base) },
      { topic: stateTopic(base, meter), value_template: "{{ 'online' if value == 'ok' else 'offline' }}" },
    ],
    availability_mode: 'all',
  };
}

export function discoveryTopic({ prefix, base }: Pick<DiscoveryOptions, 'prefix' | 'base'>, { meterId }: PublishedMeter): string {
  return `${prefix}/device/${base}-${meterId}/config`;
}

/** A meter as a device of Home Assistant, with a sensor for each standard quantity of its model. */
export function discoveryOf(meter: PublishedMeter, options: DiscoveryOptions): Discovery {
  const { base, version, url } = options;
  return {
    topic: discoveryTopic(options, meter),
    payload: {
      device: {
        identifiers: [`${base}-${meter.meterId}`],
        name: meter.place,
        manufacturer: meter.vendor,
        model: meter.model,
        serial_number: meter.serial,
        suggested_area: meter.buildingName,
      },
      origin: { name: 'Wattbook', sw_version: version, support_url: url },
      components: Object.fromEntries(meter.quantities.map((quantity) => [quantity, component(meter, quantity, base)])),
    },
  };
}
