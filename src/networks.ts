import { BlockList, isIP } from 'node:net';

const CIDR = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/;
const MAPPED = /^::ffff:(?=\d+\.)/i;

/** This machine and private networks: IPv4, IPv6, and addresses that a machine gave itself. */
export const PRIVATE_NETWORKS = '127.0.0.0/8, ::1/128, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, fc00::/7, fe80::/10';

/** Which addresses belong to a list of networks in CIDR notation. */
export interface Networks {
  has(address: string): boolean;
}

/** Networks separated by commas; null where one is none. */
export function parseNetworks(text: string): Networks | null {
  const list = new BlockList();
  for (const part of text.split(',')) {
    const [, address = '', bits = ''] = CIDR.exec(part.trim()) ?? [];
    const version = isIP(address);
    if (version === 0 || Number(bits) > (version === 4 ? 32 : 128)) return null;
    list.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    has(address) {
      // On a socket for both, an IPv4 address is written as an IPv6 one; a link-local one names its interface.
      const [plain = ''] = address.replace(MAPPED, '').split('%');
      const version = isIP(plain);
      return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}
