import { crc32, deflateRawSync } from 'node:zlib';
import writeXlsxFile, { type Cell } from 'write-excel-file/node';
import { zipStored } from '../../src/sheets/zip.ts';

/** A workbook as a spreadsheet program writes it. */
export function workbook(sheets: Record<string, Cell[][]>): Promise<Buffer> {
  return writeXlsxFile(Object.entries(sheets).map(([sheet, data]) => ({ sheet, data }))).toBuffer();
}

/** A cell with a formula and the value that was last worked out. */
export interface FormulaCell {
  formula: string;
  shown?: number | string;
}
type HandCell = string | number | boolean | null | FormulaCell | { error: string } | { date: number };

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function cellXml(cell: HandCell, address: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${address}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${address}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === 'string') return `<c r="${address}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
  if ('error' in cell) return `<c r="${address}" t="e"><v>${cell.error}</v></c>`;
  if ('date' in cell) return `<c r="${address}" s="1"><v>${cell.date}</v></c>`;
  return `<c r="${address}"><f>${escaped(cell.formula)}</f>${cell.shown === undefined ? '' : `<v>${cell.shown}</v>`}</c>`;
}

export function sheetXml(rows: readonly (readonly HandCell[])[]): string {
  const written = rows.map((cells, row) => {
    const inner = cells.map((cell, place) => cellXml(cell, `${String.fromCharCode(65 + place)}${row + 1}`)).join('');
    return `<row r="${row + 1}">${inner}</row>`;
  });
  return `<?xml version="1.0"?><worksheet xmlns="${MAIN}"><sheetData>${written.join('')}</sheetData></worksheet>`;
}

/** The parts of a workbook made by hand, for what no library writes. */
export function workbookParts(sheets: Record<string, string>): Map<string, Buffer> {
  const names = Object.keys(sheets);
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${names
      .map((name, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<?xml version="1.0"?><Relationships>${names
      .map((_, index) => `<Relationship Id="rId${index + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`)
      .join('')}<Relationship Id="rIdS" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<?xml version="1.0"?><styleSheet xmlns="${MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(Object.values(sheets).map((xml, index) => [`xl/worksheets/sheet${index + 1}.xml`, xml])),
  };
  return new Map(Object.entries(parts).map(([name, content]) => [name, Buffer.from(content)]));
}

export function handMade(sheets: Record<string, readonly (readonly HandCell[])[]>): Buffer {
  return zipStored(workbookParts(Object.fromEntries(Object.entries(sheets).map(([name, rows]) => [name, sheetXml(rows)]))));
}

/** An archive with one packed part that may lie about its size. */
export function packed(name: string, content: Buffer, announcedBytes = content.length): Buffer {
  const bytes = deflateRawSync(content);
  const archive = zipStored(new Map([[name, bytes]]));
  const directory = archive.length - 22 - 46 - Buffer.byteLength(name);
  for (const at of [8, directory + 10]) archive.writeUInt16LE(8, at);
  for (const at of [14, directory + 16]) archive.writeUInt32LE(crc32(content), at);
  for (const at of [22, directory + 24]) archive.writeUInt32LE(announcedBytes, at);
  return archive;
}

const EMDC_HEAD = ['Metric Name', 'Metric Description', 'Metric Address', 'Metric Size', 'Scaling Factor', 'Data Type'];
type Metric = readonly [name: string, description: string, address: number, size: number, type: string];

function emdcRows(metrics: readonly Metric[], scaleOf: (metric: Metric) => HandCell): HandCell[][] {
  return [EMDC_HEAD, ...metrics.map((metric) => [...metric.slice(0, 4), scaleOf(metric), metric[4]] as HandCell[])];
}

/** EMDC's sheet of the Eaton PXM 4000, with its three addresses that are there twice. */
export const EATON_ROWS = emdcRows(
  [
    ['Voltage_AN', '1s Phase A-N Voltage', 4630, 2, 'FLOAT32'],
    ['Voltage_BN', '1s Phase B-N Voltage', 4632, 2, 'FLOAT32'],
    ['Voltage_CN', '1s Phase C-N Voltage', 4634, 2, 'FLOAT32'],
    ['Current_N', '1s Neutral Current (Secondary)', 4618, 2, 'FLOAT32'],
    ['VA', '1s Three Phase Apparent Power (Secondary)', 4654, 2, 'FLOAT32'],
    ['VAR', '1s Three Phase Reactive Power (Secondary)', 4652, 2, 'FLOAT32'],
    ['W_A', '1s Phase A Active Power (Secondary)', 4666, 2, 'FLOAT32'],
    ['W_B', '1s Phase B Active Power (Secondary)', 4668, 2, 'FLOAT32'],
    ['W_C', '1s Phase C Active Power (Secondary)', 4670, 2, 'FLOAT32'],
    ['W', '1s Three Phase Active Power (Secondary)', 4650, 2, 'FLOAT32'],
    ['freq', '1s Frequency', 4660, 2, 'FLOAT32'],
    ['pf_A', '1s Phase A Power Factor', 4690, 2, 'FLOAT32'],
    ['pf_B', '1s Phase B Power Factor', 4690, 2, 'FLOAT32'],
    ['pf_C', '1s Phase C Power Factor', 4690, 2, 'FLOAT32'],
    ['pf', '1s Three Phase Power Factor', 4658, 2, 'FLOAT32'],
    ['Angle_V_AN', '1s Phase A-N Voltage Angle', 11459, 2, 'FLOAT32'],
    ['Angle_V_BN', '1s Phase B-N Voltage Angle', 11461, 2, 'FLOAT32'],
    ['Angle_V_CN', '1s Phase C-N Voltage Angle', 11461, 2, 'FLOAT32'],
    ['Angle_I_A', '1s Phase A Current Angle', 11453, 2, 'FLOAT32'],
    ['Angle_I_B', '1s Phase B Current Angle', 11455, 2, 'FLOAT32'],
    ['Angle_I_C', '1s Phase C Current Angle', 11457, 2, 'FLOAT32'],
  ],
  () => 1,
);

/** EMDC's sheet of the Nexus 1272: its scale of 32-bit values is the formula =POWER(2,-16). */
export const NEXUS_ROWS = emdcRows(
  [
    ['Voltage_AN', '1s Phase A-N Voltage', 179, 2, 'INT32'],
    ['Voltage_BN', '1s Phase B-N Voltage', 181, 2, 'INT32'],
    ['Voltage_CN', '1s Phase C-N Voltage', 183, 2, 'INT32'],
    ['Current_N', '1s Neutral Current (Secondary)', 193, 2, 'INT32'],
    ['VA', '1s Three Phase Apparent Power (Secondary)', 209, 2, 'INT32'],
    ['VAR', '1s Three Phase Reactive Power (Secondary)', 217, 2, 'INT32'],
    ['W_A', '1s Phase A Active Power (Secondary)', 219, 2, 'INT32'],
    ['W', '1s Three Phase Active Power (Secondary)', 225, 2, 'INT32'],
    ['freq', '1s Frequency', 227, 2, 'INT32'],
    ['pf_A', '1s Phase A Power Factor', 229, 1, 'UINT16'],
    ['pf', '1s Three Phase Power Factor', 232, 1, 'UINT16'],
    ['Angle_V_AN', '1s Phase A-N Voltage Angle', 2594, 1, 'INT16'],
    ['Angle_I_C', '1s Phase C Current Angle', 2599, 1, 'INT16'],
  ],
  ([, , , size, type]) => (size === 2 ? { formula: 'POWER(2,-16)', shown: 2 ** -16 } : type === 'UINT16' ? 0.001 : 0.01),
);
