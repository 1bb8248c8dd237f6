import { expect, test } from 'vitest';
import { makeAsk, MIDNIGHT, NOW, SAME_YESTERDAY, YESTERDAY, type Demo } from './demo.ts';
import { IS_MADE, IS_USED, quarters, say, sayShare, selfSufficiency } from './expected.ts';
import { dashboardIsWhole, lookAt } from './look-at.ts';

const TODAY = quarters(MIDNIGHT, NOW);

export function testDashboard(of: () => Demo): void {
  const { ask, sum } = makeAsk(of);

  test('power now is that of the newest readings', async () => {
    const { provider } = of();
    await dashboardIsWhole(provider, 'Load profile today');
    const newest = await ask<{ kind: string; name: string; taken: string; given: string }>(
      `SELECT f.kind, IF(f.kind = 'producer', f.name, '') AS name, SUM(GREATEST(r.active_power_total, 0)) AS taken,
       SUM(GREATEST(-r.active_power_total, 0)) AS given
     FROM readings r JOIN installations x ON x.meter_id = r.meter_id AND x.running JOIN points p ON p.id = x.point_id
     JOIN flats f ON f.id = p.flat_id WHERE r.at = '${NOW}' GROUP BY 1, 2`,
    );
    const watt = (of: 'taken' | 'given', ...kinds: string[]) =>
      newest.filter(({ kind }) => kinds.includes(kind)).reduce((total, row) => total + Number(row[of]), 0);
    const { page } = provider;
    const tile = (tone: string) => page.locator(`[aria-labelledby=power-title] .tile.${tone}`).innerText();
    expect(await tile('consumption')).toContain(say(watt('taken', 'consumer', 'common'), 'W'));
    expect(await tile('production')).toContain(say(watt('given', 'producer'), 'W'));
    expect(await tile('grid')).toContain(say(Math.abs(watt('taken', 'grid') - watt('given', 'grid')), 'W'));
    const ends = await page.locator('.flow .ends li').allInnerTexts();
    for (const { kind, name, taken, given } of newest) {
      const called = name || { grid: 'Grid', consumer: 'Flats', common: 'Common area' }[kind];
      expect(ends.find((end) => end.startsWith(`${called}\n`))).toContain(`\n${say(Math.abs(Number(taken) - Number(given)), 'W')}`);
    }
  });

  test('the day on the dashboard is that of the tables', async () => {
    const { provider } = of();
    const [used, made, before] = await Promise.all([
      sum(`${TODAY} AND ${IS_USED}`),
      sum(`${TODAY} AND ${IS_MADE}`),
      sum(`${quarters(YESTERDAY, SAME_YESTERDAY)} AND ${IS_USED}`),
    ]);
    const day = await provider.page.locator('[aria-labelledby=day-title]').innerText();
    expect(day).toContain(`Used\n${say(used, 'Wh')}`);
    expect(day).toContain(`Made\n${say(made, 'Wh')}`);
    const change = Math.round((used / before - 1) * 100);
    expect(day).toContain(`Against yesterday\n${change > 0 ? '+' : ''}${change} %\n${say(before, 'Wh')} yesterday until 15:00`);
    const extreme = async (order: 'ASC' | 'DESC') => {
      const [found] = await ask<{ time: string; wh: string }>(
        `SELECT CONCAT(DATE_FORMAT(i.slot + INTERVAL 2 HOUR, '%H:%i'), ' to ', DATE_FORMAT(i.slot + INTERVAL 135 MINUTE, '%H:%i')) AS time,
         SUM(i.wh) AS wh ${TODAY} AND ${IS_USED} GROUP BY i.slot ORDER BY wh ${order}, i.slot LIMIT 1`,
      );
      return `${say(Number(found?.wh) * 4, 'W')}\n${found?.time}`;
    };
    expect(day).toContain(`Highest\n${await extreme('DESC')}`);
    expect(day).toContain(`Lowest\n${await extreme('ASC')}`);
    const [own] = await ask<{ share: string }>(selfSufficiency(TODAY));
    expect(day).toContain(`Self-sufficiency\n${sayShare(own?.share)}`);
    const [flats] = await ask<Record<'consumers' | 'producers', string>>(
      `SELECT SUM(f.kind IN ('consumer', 'common')) AS consumers, SUM(f.kind = 'producer') AS producers FROM flats f JOIN points p ON p.flat_id = f.id
     JOIN installations x ON x.point_id = p.id AND x.running JOIN meters m ON m.id = x.meter_id WHERE m.state = 'ok'`,
    );
    expect(day).toContain(`Consumers\n${flats?.consumers}\n${flats?.consumers} running`);
    expect(day).toContain(`Producers\n${flats?.producers}\n${flats?.producers} running`);

    const most = await ask<{ name: string; wh: string }>(
      `SELECT f.name, SUM(i.wh) AS wh ${TODAY} AND ${IS_USED} AND f.kind = 'consumer' GROUP BY f.name ORDER BY wh DESC LIMIT 5`,
    );
    const top = await provider.page.locator('.top-flats li').allInnerTexts();
    expect(top).toHaveLength(most.length);
    for (const [i, { name, wh }] of most.entries())
      expect(top[i]).toMatch(new RegExp(`^${name}\\s+${say(wh, 'Wh')}\\s*${sayShare(Number(wh) / used)}`));
    await lookAt(provider, 'demo-dashboard');
  });

  test('every quarter hour of the load profile is that of the tables', async () => {
    const { provider } = of();
    const { page } = provider;
    const slots = await ask<{ at: string; used: string; made: string }>(
      `SELECT DATE_FORMAT(i.slot + INTERVAL 2 HOUR, '%H:%i') AS at, SUM(IF(${IS_USED}, i.wh, 0)) AS used, SUM(IF(${IS_MADE}, i.wh, 0)) AS made
     ${TODAY} GROUP BY i.slot ORDER BY i.slot`,
    );
    await page.getByRole('region', { name: 'Load profile today' }).getByText('Show as a table').click();
    const shown = page.locator('details.values tbody tr');
    await shown.nth(slots.length - 1).waitFor();
    const rows = await shown.allInnerTexts();
    const power = (wh: string) => say(Number(wh) * 4, 'W');
    expect(rows.map((row) => row.split('\t').slice(0, 3))).toEqual(slots.map(({ at, used, made }) => [at, power(used), power(made)]));
  });
}
