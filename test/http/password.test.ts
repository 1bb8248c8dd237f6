import { describe, expect, test } from 'vitest';
import { makePasswordHashing, passwordProblem } from '../../src/http/password.ts';

const hashing = makePasswordHashing({ memoryKib: 64, passes: 1 });

describe('a password', () => {
  test('is kept as argon2id with 19 MiB and two passes', async () => {
    expect(await makePasswordHashing().hash('a long enough password')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('fits its own hash only', async () => {
    const kept = await hashing.hash('a long enough password');
    expect(await hashing.verify(kept, 'a long enough password')).toBe(true);
    expect(await hashing.verify(kept, 'A long enough password')).toBe(false);
    expect(await hashing.verify(null, 'the password of nobody')).toBe(false);
  });

  test('of a crowd is refused rather than starving everything else', async () => {
    const crowd = await Promise.allSettled(Array.from({ length: 110 }, () => hashing.hash('a long enough password')));
    const refused = crowd.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(8);
    expect(refused[0]).toMatchObject({ reason: { status: 503, retryable: true } });
    expect(await hashing.hash('and afterwards it goes on')).toContain('argon2id');
  });
});

test.each([
  ['elevenchars', 'must have at least 12 characters'],
  ['Person@Example.org', 'must not be the e-mail address'],
  ['aaaaaaaaaaaaaaaa', 'must have more than three different characters'],
  ['correct horse battery', null],
])('the new password %s: %s', (password, problem) => {
  expect(passwordProblem(password, 'person@example.org')?.toString() ?? null).toBe(problem);
});
