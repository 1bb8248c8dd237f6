import { household } from '../../src/simulator/household.ts';
import { startVirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { BENCH_MODEL, serialOf } from './house.ts';

// A process of its own: its CPU is the house's, not the reader's.
const [gateways = 10, perGateway = 100] = process.argv.slice(2).map(Number);
const profile = household({ kind: 'household', temperament: 'family', areaM2: 80, seed: 1 }, 'Europe/Berlin');

function metersOf(gateway: number) {
  return Array.from({ length: perGateway }, (_, i) => ({
    serial: serialOf('bench', gateway, i + 1),
    port: 0,
    unitId: i + 1,
    model: BENCH_MODEL,
    profile,
  }));
}

const servers = await Promise.all(
  Array.from({ length: gateways }, (_, gateway) => startVirtualMeters(metersOf(gateway), { clock: Date.now })),
);
process.send?.({ ports: servers.flatMap((server) => server.ports) });
process.once('disconnect', () => process.exit(0));
