import { addToDay, localDay } from '../domain/time-bucket.ts';
import { DEMO_BUILDING } from '../simulator/demo-plan.ts';
import { writeBillingSettings } from '../store/billing-settings.ts';
import type { Db } from '../store/prisma-transaction.ts';
import { dateOfDay } from '../store/sql-time.ts';
import { insertTariff } from '../store/tariffs.ts';

const SETTINGS = {
  kind: 'proportional',
  surplus: 'export',
  shares: [],
  sender: `Lindenhof Housing Cooperative, ${DEMO_BUILDING.address}`,
  remark: 'Please pay within 14 days to DE02 1203 0000 0000 2020 51. This is a demo: nobody lives here, and nobody has to pay.',
} as const;

const NIGHT = { name: 'Night', weekdays: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00', price: '0.259' };

/** What the demo's flats pay: prices of the year before, and of this one with a cheaper night. */
export async function writeDemoTariffs(tx: Db, buildingId: number, nowMs: number): Promise<void> {
  const thisYear = `${localDay(nowMs, DEMO_BUILDING.zone).slice(0, 4)}-01-01`;
  // The history reaches further back than the year before.
  const before = addToDay(thisYear, { months: -24 });
  const common = { buildingId, vatBasisPoints: 1_900, ownPrices: [], basePriceMicro: 9_500_000n };
  const energy = { energyPriceMicro: 318_000n, ownPriceMicro: 215_000n };
  await insertTariff(tx, { ...common, ...energy, name: 'House electricity', validFrom: dateOfDay(before), bands: [] });
  await insertTariff(tx, {
    ...{ ...common, energyPriceMicro: 302_000n, ownPriceMicro: 199_000n },
    name: `House electricity ${thisYear.slice(0, 4)}`,
    validFrom: dateOfDay(thisYear),
    bands: [NIGHT],
  });
  await writeBillingSettings(tx, buildingId, { ...SETTINGS, shares: [] });
}
