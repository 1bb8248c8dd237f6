import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import type { Visitor } from '../support/browser.ts';

/** The file that comes of pressing something, without its heading. */
export async function savedBy(button: Locator): Promise<{ name: string; heading: string; lines: string[] }> {
  const download = button.page().waitForEvent('download');
  await button.click();
  const file = await download;
  const [heading = '', ...lines] = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  return { name: file.suggestedFilename(), heading, lines };
}

/** A line of a CSV file with commas, some of its cells in quotation marks. */
export function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** The table of what a flat used, its cells by the beginning of the row. */
export async function usageTable({ page }: Pick<Visitor, 'page'>): Promise<Map<string, string[]>> {
  if ((await page.locator('.usage .values-below details[open]').count()) === 0)
    await page.locator('.usage .values-below').getByText('Show as a table').click();
  await page.locator('.usage .values-below tbody tr').first().waitFor();
  const rows = await page.evaluate(`[...document.querySelectorAll('.usage .values-below tbody tr')]
    .map((row) => [row.dataset.row, [...row.querySelectorAll('td')].map((cell) => cell.innerText)])`);
  return new Map(rows as [string, string[]][]);
}
