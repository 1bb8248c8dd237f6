import { formulaInput, removeFormula, setFormula, showFormula } from '../../use-cases/set-formula.ts';
import type { NamedTerm } from '../../store/point-terms.ts';
import { route, type Route } from '../contract.ts';
import { id, idParam, z } from '../schema.ts';

const formula = z
  .object({ terms: z.array(z.object({ pointId: id, sign: z.enum(['plus', 'minus']), name: z.string() })) })
  .openapi('Formula');

function toFormula(terms: readonly NamedTerm[]): z.input<typeof formula> {
  return { terms: terms.map(({ partId, ...term }) => ({ pointId: partId, ...term })) };
}

const tags: [string] = ['points'];
const params = z.object({ pointId: idParam });

export const pointFormulaRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/points/:pointId/formula',
    name: 'readFormula',
    summary: 'What a point without a meter is made of; no terms where it has no formula',
    tags,
    permission: 'building:read',
    params,
    response: formula,
    handler: async ({ deps, actor, params: { pointId } }) => toFormula((await showFormula(deps, actor, pointId)).terms),
  }),
  route({
    method: 'put',
    path: '/points/:pointId/formula',
    name: 'setFormula',
    summary: 'Make a point the sum and difference of others of its building, such as grid + PV - flats',
    tags,
    permission: 'point:change',
    params,
    body: formulaInput,
    response: formula,
    handler: async ({ deps, actor, params: { pointId }, body }) => toFormula(await setFormula(deps, actor, { ...body, id: pointId })),
  }),
  route({
    method: 'delete',
    path: '/points/:pointId/formula',
    name: 'removeFormula',
    summary: 'Remove the formula of a point, and the energy it made',
    tags,
    permission: 'point:change',
    params,
    handler: ({ deps, actor, params: { pointId } }) => removeFormula(deps, actor, { id: pointId }),
  }),
];
