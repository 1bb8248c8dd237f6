import type { ShownToken } from '../../store/api-tokens.ts';
import { createToken, createTokenInput } from '../../use-cases/create-token.ts';
import { listApiTokens } from '../../use-cases/read-people.ts';
import { revokeToken } from '../../use-cases/revoke-token.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, timeInput, z } from '../schema.ts';

const apiToken = z
  .object({
    id,
    name: z.string(),
    userId: id,
    email: z.string(),
    permissions: z.array(z.string()),
    buildings: z.array(id).nullable().openapi({ description: 'Only there; null: wherever its user may' }),
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
    revokedAt: time.nullable(),
    createdAt: time,
  })
  .openapi('ApiToken');

function toToken(row: ShownToken): z.input<typeof apiToken> {
  return { ...row, email: row.user.email, permissions: row.scope.split(' '), buildings: row.buildings?.split(' ').map(Number) ?? null };
}

const tags: [string] = ['tokens'];

export const tokenRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/tokens',
    summary: 'All tokens of programs and devices, without the tokens themselves',
    tags,
    permission: 'token:read',
    query: z.object(pageQuery),
    response: listOf(apiToken),
    handler: async ({ deps, actor, query }) => toList(await listApiTokens(deps, actor, pageRequest(query)), toToken),
  }),
  route({
    method: 'post',
    path: '/tokens',
    summary: 'Make a token for one purpose; it is shown in this answer only',
    tags,
    permission: 'token:change',
    body: createTokenInput.extend({ expiresAt: timeInput.nullable().optional() }),
    secret: true,
    response: apiToken.extend({ token: z.string() }).openapi('CreatedToken'),
    status: 201,
    handler: async ({ deps, actor, body }) => {
      const { row, token } = await createToken(deps, actor, body);
      return { ...toToken(row), token };
    },
  }),
  route({
    method: 'delete',
    path: '/tokens/:tokenId',
    name: 'revokeToken',
    summary: 'Revoke a token: it is worth nothing from the next request on',
    tags,
    permission: 'token:change',
    params: z.object({ tokenId: idParam }),
    handler: ({ deps, actor, params: { tokenId } }) => revokeToken(deps, actor, { id: tokenId }),
  }),
];
