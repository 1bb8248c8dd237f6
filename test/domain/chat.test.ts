import { describe, expect, test } from 'vitest';
import { isClosed, pageAddress, receiptsOf, type MarkStep } from '../../src/domain/chat.ts';

const step = (userId: number, kind: MarkStep['kind'], seq: number, atMs: number): MarkStep => ({
  userId,
  userName: `User ${userId}`,
  fromStaff: false,
  kind,
  seq,
  atMs,
});

test('a message was read when somebody had first read as far as it, not when they read on', () => {
  const steps = [step(2, 'delivered', 3, 10), step(2, 'read', 3, 20), step(3, 'delivered', 5, 30), step(2, 'read', 5, 40)];
  expect(receiptsOf({ seq: 3, senderId: 1 }, steps)).toEqual([
    { userId: 2, userName: 'User 2', fromStaff: false, deliveredAtMs: 10, readAtMs: 20 },
    { userId: 3, userName: 'User 3', fromStaff: false, deliveredAtMs: 30, readAtMs: null },
  ]);
  expect(receiptsOf({ seq: 4, senderId: 3 }, steps)).toEqual([
    { userId: 2, userName: 'User 2', fromStaff: false, deliveredAtMs: null, readAtMs: 40 },
  ]);
  expect(receiptsOf({ seq: 6, senderId: 1 }, steps)).toEqual([]);
});

test('a conversation closes at the moment in which the tenancy ends', () => {
  expect(isClosed({ toMs: null }, 5)).toBe(false);
  expect(isClosed({ toMs: 6 }, 5)).toBe(false);
  expect(isClosed({ toMs: 5 }, 5)).toBe(true);
});

describe('an attached page', () => {
  test.each(['/dashboard', '/home?range=week&from=2026-01-01', '/bills'])('%s is one of this app', (address) => {
    expect(pageAddress(address)).toBe(address);
  });
  test.each([
    'https://example.org/dashboard',
    '//example.org/dashboard',
    '/\\example.org/dashboard',
    '/./\\/example.org',
    'javascript:alert(1)',
    'dashboard',
    '/admin/resources/users',
    '/api/v1/users',
    '/x/../admin',
    '/log-in?next=/dashboard',
    `/dashboard?x=${'x'.repeat(1_000)}`,
  ])('%s is none', (address) => {
    expect(pageAddress(address)).toBeNull();
  });
});
