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

/** Staff see buildings, tenants see what is theirs. */
export function homeOf(me: Me): '/dashboard' | '/home' {
  return me.permissions.includes('live:read') ? '/dashboard' : '/home';
}
