import { BlockList, isIP, isIPv4 } from 'node:net';

// IANA's registries of special-purpose addresses: none of these is a host of the public internet.
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Global unicast: all else, mapped and translated IPv4 among it, is not public. */
const PUBLIC_V6 = ['2000::/3'];
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

// One list per family: Node takes an IPv4 address for its mapped form where both are in one.
function listOf(networks: readonly string[]): { has(address: string): boolean } {
  const v4 = new BlockList();
  const v6 = new BlockList();
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/');
    if (isIPv4(address)) v4.addSubnet(address, Number(prefix), 'ipv4');
    else v6.addSubnet(address, Number(prefix), 'ipv6');
  }
  return { has: (address) => (isIPv4(address) ? v4.check(address, 'ipv4') : v6.check(address, 'ipv6')) };
}

const notPublic = listOf([...NOT_PUBLIC_V4, ...NOT_PUBLIC_V6]);
const publicV6 = listOf(PUBLIC_V6);

/** Which addresses we connect to on somebody's behalf: public ones, and those of the networks that the operator names. */
export function makeAddressRule(networks: readonly string[]): (address: string) => boolean {
  const named = listOf(networks);
  return (address) => {
    if (isIP(address) === 0) return false;
    if (named.has(address)) return true;
    return !notPublic.has(address) && (isIPv4(address) || publicV6.has(address));
  };
}
