import { mayChat, mayDownload, mayGoFirstSteps, type Me } from '../data/session.ts';

type Permission = Me['permissions'][number];

const whoMay =
  (...all: Permission[]) =>
  ({ permissions }: Me) =>
    all.every((permission) => permissions.includes(permission));
const everybody = (): boolean => true;

/** Before the log-in, or without one. */
export const OUTSIDE = { logIn: '/log-in', forgotten: '/forgotten', password: '/password' } as const;

/** The addresses of the house, and who finds a page there; `:id` is a number. */
export const INSIDE = {
  '/dashboard': whoMay('live:read'),
  '/analysis': whoMay('reading:read'),
  '/meters': whoMay('live:read', 'reading:read'),
  '/meters/balance': whoMay('live:read', 'reading:read'),
  '/meters/:id': whoMay('live:read', 'reading:read'),
  '/history': whoMay('live:read', 'reading:read'),
  '/home': whoMay('own:read'),
  '/bills': whoMay('own:read'),
  '/first-steps': mayGoFirstSteps,
  '/account': everybody,
  '/contact': everybody,
  '/downloads': mayDownload,
  '/chat': mayChat,
  '/inbox': everybody,
} as const satisfies Record<string, (me: Me) => boolean>;

export type Address = keyof typeof INSIDE;

const NUMBER = /\/([1-9]\d{0,8})$/;

/** Which of the addresses a path is; null for any other. */
export function addressOf(path: string): { address: Address; id: number } | null {
  const address = path.replace(NUMBER, '/:id');
  return Object.hasOwn(INSIDE, address) ? { address: address as Address, id: Number(NUMBER.exec(path)?.[1] ?? 0) } : null;
}
