import type { BillLine } from './bill.ts';
import { groupBy } from './group-by.ts';
import { roundToCents, sumMicro, type Micro } from './money.ts';

/** The sum of the lines of one rate of VAT; VAT is reckoned on it and rounded once. */
export interface VatGroup {
  vatBasisPoints: number;
  net: Micro;
  vat: Micro;
}

const WHOLE = 10_000n;

export function vatGroups(lines: readonly Pick<BillLine, 'vatBasisPoints' | 'amount'>[]): VatGroup[] {
  return [...groupBy(lines, (line) => line.vatBasisPoints)]
    .toSorted(([a], [b]) => b - a)
    .map(([vatBasisPoints, group]) => {
      const net = sumMicro(group.map((line) => line.amount));
      return { vatBasisPoints, net, vat: roundToCents(net * BigInt(vatBasisPoints), WHOLE) };
    });
}

/** What is still to pay, or to pay back, after what earlier bills of the same party and period asked for. */
export function lessBilled(groups: readonly VatGroup[], billed: readonly VatGroup[]): VatGroup[] {
  const rates = new Set([...groups, ...billed].map((group) => group.vatBasisPoints));
  const sum = (of: readonly VatGroup[], rate: number, what: 'net' | 'vat') =>
    sumMicro(of.filter((group) => group.vatBasisPoints === rate).map((group) => group[what]));
  return [...rates]
    .toSorted((a, b) => b - a)
    .map((rate) => ({
      vatBasisPoints: rate,
      net: sum(groups, rate, 'net') - sum(billed, rate, 'net'),
      vat: sum(groups, rate, 'vat') - sum(billed, rate, 'vat'),
    }));
}

export function totalOf(groups: readonly VatGroup[]): { net: Micro; vat: Micro; total: Micro } {
  const net = sumMicro(groups.map((group) => group.net));
  const vat = sumMicro(groups.map((group) => group.vat));
  return { net, vat, total: net + vat };
}
