// A Prisma generator: writes the whole data model (ids, indexes, required flags, relations, native types) to a JSON file.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import generatorHelper from '@prisma/generator-helper';

generatorHelper.generatorHandler({
  onManifest: () => ({ defaultOutput: '../src/generated', prettyName: 'data model' }),
  onGenerate({ dmmf, generator }) {
    const folder = generator.output.value;
    mkdirSync(folder, { recursive: true });
    const { models, enums, indexes } = dmmf.datamodel;
    writeFileSync(join(folder, 'data-model.json'), `${JSON.stringify({ models, enums, indexes }, null, 1)}\n`);
  },
});
