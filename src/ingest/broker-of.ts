import type { IClientOptions } from 'mqtt';

/** Where a broker is and who we are there, as mqtt.js wants it. */
export function brokerOf(url: URL): IClientOptions {
  return {
    protocol: url.protocol === 'mqtts:' ? 'mqtts' : 'mqtt',
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }),
  };
}
