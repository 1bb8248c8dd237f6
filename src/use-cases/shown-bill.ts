import { formatMicro } from '../domain/money.ts';
import { storedCounters, storedVat, type BillRow } from '../store/bills.ts';

export function formatPercent(basisPoints: number): string {
  return formatMicro(BigInt(basisPoints) * 10_000n, 0);
}

const wholeWh = (wh: bigint | number) => Number(wh);

/** A bill as REST and webhooks tell it: what is not named here does not leave. */
export function shownBill(row: BillRow) {
  return {
    ...{ id: row.id, runId: row.runId, buildingId: row.buildingId, flatId: row.flatId, flatName: row.flatName, tenancyId: row.tenancyId },
    ...{ number: row.number, state: row.state, correctsId: row.correctsId, correctsNumber: row.corrects?.number ?? null },
    ...{ buildingName: row.building.name, zone: row.building.zone, party: row.party, address: row.address },
    ...{ fromAt: row.fromAt, toAt: row.toAt, currency: row.currency },
    net: formatMicro(row.netMicro),
    vat: formatMicro(row.vatMicro),
    total: formatMicro(row.totalMicro),
    vatGroups: storedVat(row).map(({ vatBasisPoints, ...amounts }) => ({
      vatPercent: formatPercent(vatBasisPoints),
      net: formatMicro(BigInt(amounts.net)),
      vat: formatMicro(BigInt(amounts.vat)),
      billedNet: formatMicro(BigInt(amounts.billedNet)),
      billedVat: formatMicro(BigInt(amounts.billedVat)),
    })),
    consumptionWh: wholeWh(row.consumptionWh),
    ownWh: wholeWh(row.ownWh),
    gridWh: wholeWh(row.consumptionWh) - wholeWh(row.ownWh),
    estimatedWh: wholeWh(row.estimatedWh),
    ...{ missingSlots: row.missingSlots, missingProduction: row.missingProduction, meters: storedCounters(row) },
    ...{ createdAt: row.createdAt, issuedAt: row.issuedAt },
  };
}
