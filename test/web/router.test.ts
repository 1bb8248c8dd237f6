import { afterEach, expect, test, vi } from 'vitest';
import { wantedAddress } from '../../src/web/router.ts';

afterEach(() => vi.unstubAllGlobals());

function wanted(next: string): string | null {
  vi.stubGlobal('location', { origin: 'https://wattbook.example', search: `?${new URLSearchParams({ next }).toString()}` });
  return wantedAddress();
}

test('after the log-in one is taken to the address of this site that was asked for', () => {
  expect(wanted('/buildings/3?day=2026-06-18')).toBe('/buildings/3?day=2026-06-18');
  expect(wanted('/admin')).toBe('/admin');
});

test.each([
  '//evil.example',
  'https://evil.example/',
  '/.//evil.example',
  '/\\evil.example',
  'https://wattbook.example//evil.example',
  'javascript:alert(1)',
])('never to %s', (next) => {
  expect(wanted(next)).toBeNull();
});

test('an address that cannot be read is none', () => {
  expect(wanted('https://[')).toBeNull();
  expect(wanted('/log-in?next=/log-in')).toBeNull();
});
