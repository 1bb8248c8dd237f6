import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfmake from 'pdfmake';

const FONTS = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');
const font = (style: string) => join(FONTS, `Roboto-${style}.ttf`);

// A document is what we made of it: it fetches nothing, and reads no file but its fonts.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => dirname(path) === FONTS);
pdfmake.setFonts({
  Roboto: { normal: font('Regular'), bold: font('Medium'), italics: font('Italic'), bolditalics: font('MediumItalic') },
});

/** The same bytes for the same definition: its date is told, never now. */
export function writePdf(definition: object, { title, atMs }: { title: string; atMs: number }): Promise<Buffer> {
  const at = new Date(atMs);
  const info = { title, creator: 'Wattbook', producer: 'Wattbook', creationDate: at, modDate: at };
  return pdfmake
    .createPdf({ pageSize: 'A4', defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.15 }, ...definition, info })
    .getBuffer();
}
