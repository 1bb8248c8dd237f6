import { expect, test } from 'vitest';
import { can, canSomewhere, consoleActor, isUser, PERMISSIONS, reach, reachAt, type Actor } from '../../src/domain/permission.ts';

const tenant: Actor = {
  userId: 7,
  email: 'tenant@example.org',
  name: 'Tenant',
  language: 'en',
  roles: ['tenant'],
  grants: [{ permission: 'own:read', buildingId: null }],
  ownFlats: [],
  ownMeters: [],
};
const flat = { flatId: 1, buildingId: 1 };

test('who was given nothing yet may ask for the list of it, and for nothing else', () => {
  expect(canSomewhere(tenant, 'flat:read')).toBe(true);
  expect(canSomewhere(tenant, 'tenancy:read')).toBe(false);
  expect(can(tenant, 'flat:read', flat)).toBe(false);
});

test('at a moment one reaches what is one’s own then: from its first millisecond, to the last before its end', () => {
  const moving = { ...tenant, ownFlats: [{ ...flat, fromMs: 10, toMs: 20 }], ownMeters: [{ meterId: 3, fromMs: null, toMs: 15 }] };
  const own = (ms: number) => {
    const { ownFlats, ownMeters } = reachAt(reach(moving, 'meter:read'), ms);
    return [ownFlats.length, ownMeters.length];
  };
  expect([9, 10, 14, 15, 19, 20].map(own)).toEqual([
    [0, 1],
    [1, 1],
    [1, 1],
    [1, 0],
    [1, 0],
    [0, 0],
  ]);
});

test('the console may do everything and is no user', () => {
  expect(PERMISSIONS.filter((permission) => !can(consoleActor(), permission))).toEqual([]);
  expect([isUser(consoleActor()), isUser(tenant)]).toEqual([false, true]);
});
