import { beforeAll, expect, test } from 'vitest';
import { TENANT_FLAT } from '../../src/simulator/demo-flats.ts';
import type { Visitor } from '../support/browser.ts';
import { APRIL, FEBRUARY, makeAsk, MARCH, MIDNIGHT, NOW, type Demo } from './demo.ts';
import { say, sayEuro, sayShare } from './expected.ts';
import { lookAt } from './look-at.ts';
import { usageTable } from './shown.ts';

/** As rows of the page are called. */
const stamp = (utc: string) => `${utc.replace(' ', 'T')}:00.000Z`;

/** Bills of the tenant's flat. */
const BILLS = `FROM bills b JOIN flats f ON f.id = b.flat_id WHERE f.name = '${TENANT_FLAT}'`;

export function testTenant(of: () => Demo): void {
  const { ask } = makeAsk(of);
  let tenant: Visitor;
  let quarterHours: { at: string; wh: string | null }[];

  beforeAll(async () => {
    tenant = await of().visit('tenant');
    quarterHours = await ask(
      `SELECT DATE_FORMAT(i.slot, '%Y-%m-%dT%H:%i:00.000Z') AS at, i.wh FROM intervals i JOIN points p ON p.id = i.point_id
       JOIN flats f ON f.id = p.flat_id WHERE f.name = '${TENANT_FLAT}' AND i.flow = 'import'`,
    );
  });

  const used = (from: string, to: string) => {
    const known = quarterHours.filter(({ at, wh }) => at >= from && at < to && wh !== null);
    return known.length === 0 ? null : known.reduce((total, { wh }) => total + Number(wh), 0);
  };
  const open = async (address: string) => {
    await tenant.page.goto(address);
    await tenant.page.locator('.usage-chart svg .bar').first().waitFor();
  };
  const tile = (tone: string, nth = 0) => tenant.page.locator(`.usage .tile.${tone}`).nth(nth);

  test.each([
    ['day', '2026-04-09', MIDNIGHT, NOW],
    // The clocks were set forward on the 29th.
    ['month', '2026-03-29', MARCH, APRIL],
    ['year', '2026-04-09', '2025-12-31 23:00', NOW],
  ])('a %s of the own flat is that of the tables', async (view, day, from, to) => {
    await open(`/home?view=${view}&day=${day}`);
    const rows = await usageTable(tenant);
    const starts = [...rows.keys()];
    expect([starts[0], starts.length]).toEqual([stamp(from), { day: 16, month: 31, year: 4 }[view]]);
    for (const [i, start] of starts.entries()) {
      const wh = used(start, starts[i + 1] ?? stamp(to));
      expect([start, rows.get(start)?.[0]]).toEqual([start, wh === null ? '–' : say(wh, 'Wh')]);
    }
    expect(await tile('consumption').innerText()).toContain(say(used(stamp(from), stamp(to)), 'Wh').replace(' kWh', ''));
    await lookAt(tenant, `demo-own-${view}`);
  });

  test.each([
    ['issued', '2026-02-10', FEBRUARY],
    ['open', '2026-03-10', MARCH],
  ])('the energy of a month costs what the lines of its %s bill say, by the prices of the tariff', async (state, day, from) => {
    const lines = await ask<{ kind: string; wh: string; price: string; amount: string; wanted: string }>(
      `SELECT l.kind, l.wh, l.price_micro AS price, l.amount_micro AS amount,
         CASE WHEN l.kind = 'own' THEN t.own_price_micro WHEN l.label = '' THEN t.energy_price_micro
           ELSE ROUND(1000000 * JSON_VALUE(t.bands, '$[0].price')) END AS wanted
       FROM bill_lines l JOIN tariffs t ON t.id = l.tariff_id WHERE l.kind <> 'base' AND l.bill_id = (
         SELECT b.id ${BILLS} AND b.state = '${state}' AND b.from_at <= '${day}' AND b.to_at > '${day}')`,
    );
    expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(['grid', 'own']));
    for (const { price, wanted, wh, amount } of lines) {
      expect(Number(price)).toBe(Number(wanted));
      expect(Math.abs(Number(amount) - (Number(wh) * Number(price)) / 1_000)).toBeLessThanOrEqual(5_000);
    }
    const total = (part: typeof lines, what: 'wh' | 'amount') => part.reduce((sum, line) => sum + Number(line[what]), 0);
    await open(`/home?view=month&day=${day}`);
    await tenant.page.getByText('without base price and VAT').waitFor();
    expect(await tile('grid', 1).innerText()).toContain(sayEuro(total(lines, 'amount')));
    const own = total(
      lines.filter(({ kind }) => kind === 'own'),
      'wh',
    );
    expect(await tile('production').innerText()).toContain(`${sayShare(own / total(lines, 'wh'))}\n${say(own, 'Wh')}`);
    expect(await tile('consumption').innerText()).toContain(say(total(lines, 'wh'), 'Wh').replace(' kWh', ''));

    await open(`/home?view=year&day=${day}`);
    await tenant.page.getByText('without base price and VAT').waitFor();
    const inYear = (await usageTable(tenant)).get(stamp(from));
    expect(inYear?.slice(2, 5)).toEqual([say(total(lines, 'wh') - own, 'Wh'), say(own, 'Wh'), sayEuro(total(lines, 'amount'))]);
    expect(tenant.complaints()).toEqual([]);
  });

  test('a limit is drawn, and as many hours are over it as in the tables', async () => {
    const hours = [...Array(16).keys()].map((hour) => {
      const atMs = Date.parse(stamp(MIDNIGHT)) + hour * 3_600_000;
      return used(new Date(atMs).toISOString(), new Date(atMs + 3_600_000).toISOString()) ?? 0;
    });
    const limitWh = Math.round(Math.max(...hours) * 0.6);
    await of().house.database.prisma.point.updateMany({
      where: { flat: { name: TENANT_FLAT } },
      data: { hourlyLimitKwh: limitWh / 1_000 },
    });
    await open('/home');
    await tenant.page.getByText(`Limit ${say(limitWh, 'Wh')}`).waitFor();
    const over = hours.filter((wh) => wh > limitWh).length;
    expect(await tenant.page.locator('.over-note').innerText()).toBe(`${over} ${over === 1 ? 'hour' : 'hours'} over the limit`);
    expect(tenant.complaints()).toEqual([]);
  });

  test('the own bills ask for what their rows come to', async () => {
    const bills = await ask<{ id: number; number: number; total: string; net: string; vat: string; wh: string }>(
      `SELECT b.id, b.number, b.total_micro AS total, (SELECT SUM(l.amount_micro) FROM bill_lines l WHERE l.bill_id = b.id) AS net,
         (SELECT MAX(l.vat_basis_points) FROM bill_lines l WHERE l.bill_id = b.id) AS vat, b.consumption_wh AS wh
       ${BILLS} AND b.state = 'issued'`,
    );
    await tenant.page.goto('/bills');
    await tenant.page.locator('.bill').first().waitFor();
    expect(await tenant.page.locator('.bill').count()).toBe(bills.length);
    for (const { number, total, net, vat, wh } of bills) {
      expect(Number(total)).toBe(Math.round((Number(net) * (10_000 + Number(vat))) / 10_000 / 10_000) * 10_000);
      const shown = await tenant.page.locator('.bill', { hasText: `Bill no. ${number},` }).innerText();
      expect(shown).toContain(sayEuro(total));
      expect(shown).toContain(`${say(wh, 'Wh')} used`);
      expect(Number(wh)).toBe(used(stamp(FEBRUARY), stamp(MARCH)));
    }
    await lookAt(tenant, 'demo-bills');
  });
}
