import { ONLY_ADMINISTRATOR, row, SEEN_BY_ADMINISTRATOR, SIGNED_IN, type CellContext, type Row } from './table.ts';

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

/** As if everybody had been told, also those who may not know. */
async function overLimit({ test: { database }, world: { a, people }, n }: CellContext) {
  const { id } = await database.prisma.notification.create({
    data: {
      ...{ kind: 'over-limit', subject: `point-${a.pointId}`, at: new Date(Date.UTC(2026, 0, 1, n)) },
      ...{ buildingId: a.buildingId, flatId: a.flatId, data: { pointId: a.pointId, toMs: 0, wh: 950, limitWh: 900 } },
      recipients: { create: Object.values(people).map((person) => ({ userId: person.id })) },
    },
  });
  return { params: { notificationId: id } };
}

export const operationRows: readonly Row[] = [
  row('get /notifications', SIGNED_IN(200)),
  row('post /notifications/read', SIGNED_IN(200), () => ({ body: { upToId: 1 } })),
  // An hour of flat A: its tenant was told, and whoever looks after the building.
  row('post /notifications/:notificationId/read', [401, 200, 404, 404, 404, 200, 404, 200], overLimit),
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
