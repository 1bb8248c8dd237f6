import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeBilling } from '../../src/use-cases/change-billing.ts';
import { issueBills } from '../../src/use-cases/issue-bills.ts';
import { openRunFile, writeBillFile } from '../../src/use-cases/write-bill-file.ts';
import { actor, makeBilledMonth } from '../support/billed-month.ts';
import { bytesOf } from '../support/collected.ts';
import { openOfficeFolder, type OfficeFolder } from '../support/office-programs.ts';
import { openTestDatabase } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let month: Awaited<ReturnType<typeof makeBilledMonth>>;
let folder: OfficeFolder;

beforeAll(async () => {
  folder = openOfficeFolder();
  database = await openTestDatabase();
  month = await makeBilledMonth(database, 'Lindenhof');
  const { buildingId, left } = month.house;
  await database.prisma.building.update({ where: { id: buildingId }, data: { language: 'de' } });
  await month.furnish();
  await month.makeTariff();
  await database.prisma.tenancy.create({
    data: { flatId: left.flatId, name: '=1+1', address: 'Lindenstraße 12, Berlin', fromAt: new Date('2025-01-01T00:00:00Z') },
  });
  await changeBilling(month.deps, actor, { buildingId, sender: 'Hausverwaltung Krüger, Am Markt 3', remark: 'Zahlbar bis 15. April.' });
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

test('LibreOffice opens the bills of a run: numbers are numbers, days are days, and a name is no formula', async () => {
  const { run, bills } = await month.run();
  folder.write('run.xlsx', await bytesOf(await openRunFile(month.deps, actor, { id: run.id, format: 'xlsx' })));
  const [sums = [], lines = [], meters = []] = await folder.sheets('run.xlsx', ['Rechnungen', 'Positionen', 'Zähler']);
  const column = (rows: string[][], head: string) => rows.slice(1).map((cells) => cells[rows[0]?.indexOf(head) ?? -1]);
  expect(column(sums, 'Partei')).toEqual(['=1+1', 'Eigentümer', 'Eigentümer']);
  // A day that LibreOffice knows as one it writes here in its own way.
  expect(column(sums, 'Von')).toEqual(['03/01/2026', '03/01/2026', '03/01/2026']);
  expect(column(sums, 'Bis')).toEqual(['03/31/2026', '03/31/2026', '03/31/2026']);
  const shown = (micro: bigint) => String(Number(micro) / 1e6);
  expect(column(sums, 'Summe')).toEqual(bills.map(({ totalMicro }) => shown(totalMicro)));
  expect(column(lines, 'Netto')).toEqual(bills.flatMap((bill) => bill.lines.map(({ amountMicro }) => shown(amountMicro))));
  expect(meters).toHaveLength(1 + 3);

  // As a person sees them.
  await folder.convert('run.xlsx', 'fods');
  const seen = folder.converted('run.fods').toString();
  const [{ totalMicro, consumptionWh }] = bills as [(typeof bills)[number]];
  for (const text of ['01.03.2026', '31.03.2026', (Number(totalMicro) / 1e6).toFixed(2), (Number(consumptionWh) / 1e3).toFixed(3)]) {
    expect(seen).toContain(`<text:p>${text}</text:p>`);
  }
});

test('Poppler reads the words of a PDF, umlauts and all', async () => {
  const { run, bills } = await month.run();
  await issueBills(month.deps, actor, { id: run.id });
  folder.write('bill.pdf', (await writeBillFile(month.deps, actor, { id: bills[0]?.id ?? 0, format: 'pdf' })).content);
  const words = (await folder.wordsOf('bill.pdf')).replaceAll(/\s+/g, ' ');
  for (const text of ['Hausverwaltung Krüger', '=1+1', 'Lindenstraße 12', 'Stromrechnung 1', '01.03.2026 – 31.03.2026']) {
    expect(words).toContain(text);
  }
  const { totalMicro } = bills[0] ?? { totalMicro: 0n };
  expect(words).toContain(`Zu zahlen ${(Number(totalMicro) / 1e6).toFixed(2).replace('.', ',')} €`);
  for (const text of ['Eigene Erzeugung: PV', 'Zahlbar bis 15. April.', 'Seite 1 von 1']) expect(words).toContain(text);
});
