import type { Me } from '../../generated/api-client.ts';
import { api } from './api.ts';

export type { Me };

export interface Visit {
  me: Me | null;
  /** Nobody is there yet: the visitor makes the administrator. */
  firstAdministratorNeeded: boolean;
}

/** Who is here; asked without an error for a visitor who is not logged in. */
export async function readVisit(): Promise<Visit> {
  const { needed, signedIn } = await api.readFirstAdministrator();
  return { me: signedIn ? (await api.readSession()).user : null, firstAdministratorNeeded: needed };
}

export function mayDownload({ permissions }: Me): boolean {
  return permissions.includes('reading:download') || permissions.includes('own:download');
}

/** Whoever may put meters into a building and ask them; what else a step needs, it asks for itself. */
export function mayGoFirstSteps({ permissions }: Me): boolean {
  const needed = ['building:read', 'flat:read', 'line:read', 'model:read', 'meter:read', 'installation:read', 'meter:control'] as const;
  return needed.every((permission) => permissions.includes(permission));
}

/** Where a log-in leads: the page of what one's role is about, whoever made the role. */
export function homeOf(me: Me): string {
  const may = (permission: Me['permissions'][number]) => me.permissions.includes(permission);
  if (may('live:read')) return '/dashboard';
  if (may('own:read')) return '/home';
  if (may('office:open')) return '/admin';
  if (may('queue:read')) return '/admin/queues';
  // Where whoever was given nothing is told whom to ask.
  if (me.permissions.length === 0) return '/dashboard';
  return mayDownload(me) ? '/downloads' : '/account';
}

/** For the staff of a building, and for tenants. */
export function mayChat({ permissions }: Me): boolean {
  return permissions.includes('chat:use') || permissions.includes('own:chat');
}
