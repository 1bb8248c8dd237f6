import { ONLY_ADMINISTRATOR, row, SEEN_BY_ADMINISTRATOR, type CellContext, type Row } from './table.ts';

async function newImport({ test }: CellContext, state: 'uploading' | 'checked' = 'uploading') {
  const { id: userId } = await test.database.prisma.user.findFirstOrThrow();
  const files = [{ role: 'data', name: 'old.csv', bytes: 1 }];
  const { id: importId } = await test.database.prisma.dataImport.create({
    data: { kind: 'readings', files, options: {}, state, userId, actor: 'x' },
  });
  return { params: { importId } };
}

async function sentImport(context: CellContext) {
  const { params } = await newImport(context);
  await context.test.database.prisma.importPart.create({ data: { ...params, file: 0, part: 0, bytes: 1, packed: new Uint8Array([1]) } });
  return { params };
}

export const operationRows: readonly Row[] = [
  row('get /keeping', ONLY_ADMINISTRATOR(200)),
  row('put /keeping', ONLY_ADMINISTRATOR(200), () => ({ body: { kind: 'mails', months: 24 } })),
  row('get /imports', ONLY_ADMINISTRATOR(200)),
  row('post /imports', ONLY_ADMINISTRATOR(201), async ({ test }) => {
    await test.database.prisma.dataImport.deleteMany();
    return { body: { kind: 'readings', files: { data: { name: 'old.csv', bytes: 4 } } } };
  }),
  row('post /imports/parts', ONLY_ADMINISTRATOR(204), async (context) => {
    const { importId } = (await newImport(context)).params;
    return { query: { importId: String(importId), file: 'data', part: '0' }, file: { type: 'text/csv', text: 'x' } };
  }),
  row('get /imports/:importId', SEEN_BY_ADMINISTRATOR, (context) => newImport(context)),
  row('post /imports/:importId/check', ONLY_ADMINISTRATOR(202), sentImport),
  row('post /imports/:importId/store', ONLY_ADMINISTRATOR(202), (context) => newImport(context, 'checked')),
  row('delete /imports/:importId', ONLY_ADMINISTRATOR(204), (context) => newImport(context)),
];
