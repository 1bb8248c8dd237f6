import { downloadInput, DOWNLOADS } from '../../use-cases/download-input.ts';
import { openDownload } from '../../use-cases/open-download.ts';
import { route, type Route } from '../contract.ts';
import { StreamedFile, TYPE_OF_FORMAT } from '../file.ts';
import { idParam, z } from '../schema.ts';

const anyTable = z.object({ items: z.array(z.record(z.string(), z.unknown())), next: z.null() }).openapi('Download');

export const downloadRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/buildings/:buildingId/downloads/:what',
    name: 'download',
    summary:
      'Readings, energy, the split or the bills of a building as CSV, XLSX, JSON or NDJSON, of any length, all of one moment. For whoever may download readings; a tenant has the own flat in the own time',
    tags: ['downloads'],
    permission: 'signed-in',
    params: z.object({ buildingId: idParam, what: z.enum(DOWNLOADS, 'must be readings, energy, split or bills') }),
    query: z.object(downloadInput.shape),
    response: anyTable,
    files: true,
    async handler({ deps, actor, params, query }) {
      const { name, format, send } = await openDownload(deps, actor, { ...params, ...query });
      return new StreamedFile({
        name,
        type: TYPE_OF_FORMAT[format],
        write: (sink, signal) => deps.downloads.within(() => send(sink, signal), signal),
      });
    },
  }),
];
