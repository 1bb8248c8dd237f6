/** The vocabulary. Rows of the tables `roles` and `permissions` are the grants; this file knows no role's content but the shipped ones. */
export const PERMISSIONS = [
  'office:open',
  'live:read',
  'building:read',
  'building:change',
  'flat:read',
  'flat:change',
  'point:read',
  'point:change',
  'tenancy:read',
  'tenancy:change',
  'line:read',
  'line:change',
  'model:read',
  'model:change',
  'meter:read',
  'meter:change',
  'meter:control',
  'register:write',
  'installation:read',
  'installation:change',
  'reading:read',
  'reading:download',
  'energy:correct',
  'tariff:read',
  'tariff:change',
  'bill:read',
  'bill:run',
  'bill:issue',
  'incident:read',
  'incident:change',
  'activity:read',
  'building-activity:read',
  'user:read',
  'user:change',
  'role:read',
  'role:change',
  'token:read',
  'token:change',
  'setting:read',
  'setting:change',
  'message:read',
  'message:change',
  'webhook:read',
  'webhook:change',
  'mail:read',
  'queue:read',
  'queue:change',
  'chat:use',
  'own:read',
  'own:download',
  'own:chat',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export function isPermission(name: string): name is Permission {
  return (PERMISSIONS as readonly string[]).includes(name);
}

/** The roles a new installation starts with; afterwards they are rows that people edit. */
export const SHIPPED_ROLES: Readonly<
  Record<'administrator' | 'service-provider' | 'viewer' | 'tenant', { description: string; permissions: readonly Permission[] }>
> = {
  administrator: { description: 'Everything, users and roles included', permissions: PERMISSIONS },
  'service-provider': {
    description: 'Flats, meters, live data and all downloads of the buildings given',
    permissions: [
      'office:open',
      'live:read',
      'building:read',
      'flat:read',
      'flat:change',
      'point:read',
      'point:change',
      'tenancy:read',
      'tenancy:change',
      'line:read',
      'model:read',
      'meter:read',
      'meter:change',
      'meter:control',
      'installation:read',
      'installation:change',
      'reading:read',
      'reading:download',
      'energy:correct',
      'tariff:read',
      'tariff:change',
      'bill:read',
      'bill:run',
      'bill:issue',
      'incident:read',
      'building-activity:read',
      'chat:use',
    ],
  },
  viewer: {
    description: 'The dashboard of the buildings given',
    permissions: ['live:read', 'building:read', 'flat:read', 'point:read', 'meter:read', 'reading:read'],
  },
  tenant: { description: 'The own flat in the own period', permissions: ['own:read', 'own:download', 'own:chat'] },
};

/** Where a tenant's `own:` permission stands in for the general one. */
const OWN: Partial<Record<Permission, 'own:read' | 'own:download' | 'own:chat'>> = {
  'live:read': 'own:read',
  'flat:read': 'own:read',
  'point:read': 'own:read',
  'meter:read': 'own:read',
  'reading:read': 'own:read',
  'reading:download': 'own:download',
  'bill:read': 'own:read',
  'chat:use': 'own:chat',
};

/** A permission in one building, or everywhere when `buildingId` is null. */
export interface Grant {
  permission: Permission;
  buildingId: number | null;
}

/** Half-open [fromMs, toMs); null is open. */
export interface Period {
  fromMs: number | null;
  toMs: number | null;
}

export interface OwnFlat extends Period {
  flatId: number;
  buildingId: number;
}

/** A single meter given to the user. */
export interface OwnMeter extends Period {
  meterId: number;
}

/** Who asks: read from the database at every request. */
export interface Actor {
  userId: number;
  email: string;
  name: string;
  language: string;
  roles: string[];
  grants: Grant[];
  ownFlats: OwnFlat[];
  ownMeters: OwnMeter[];
}

/** No row of `users` has this id. */
const NOBODY = 0;

/** Whoever has the shell of the machine has everything on it anyway. */
export function consoleActor(): Actor {
  const grants = PERMISSIONS.map((permission): Grant => ({ permission, buildingId: null }));
  return { userId: NOBODY, email: 'console', name: 'Console', language: 'en', roles: [], grants, ownFlats: [], ownMeters: [] };
}

export function isUser({ userId }: Pick<Actor, 'userId'>): boolean {
  return userId !== NOBODY;
}

/** What an actor reaches with a permission, ready to become a where-clause. */
export interface Reach {
  everywhere: boolean;
  buildingIds: number[];
  ownFlats: OwnFlat[];
  ownMeters: OwnMeter[];
}

export function reach(actor: Actor, permission: Permission): Reach {
  const grants = actor.grants.filter((grant) => grant.permission === permission);
  const own = OWN[permission];
  const ownGranted = own !== undefined && actor.grants.some((grant) => grant.permission === own);
  return {
    everywhere: grants.some((grant) => grant.buildingId === null),
    buildingIds: grants.flatMap((grant) => (grant.buildingId === null ? [] : [grant.buildingId])),
    ownFlats: ownGranted ? actor.ownFlats : [],
    ownMeters: ownGranted ? actor.ownMeters : [],
  };
}

/** Only what is one's own, whatever a role opens besides. */
export function ownOf({ ownFlats, ownMeters }: Reach): Reach {
  return { everywhere: false, buildingIds: [], ownFlats, ownMeters };
}

/** As if these were all the buildings there are. A single meter that was given belongs to none of them. */
export function narrowedTo(actor: Actor, buildingIds: readonly number[]): Actor {
  const grants = actor.grants.flatMap(({ permission, buildingId }) =>
    buildingIds.filter((id) => buildingId === null || buildingId === id).map((id): Grant => ({ permission, buildingId: id })),
  );
  return { ...actor, grants, ownFlats: actor.ownFlats.filter((own) => buildingIds.includes(own.buildingId)), ownMeters: [] };
}

/** Without what has ended or is still to come. */
export function reachAt({ ownFlats, ownMeters, ...given }: Reach, ms: number): Reach {
  const holds = ({ fromMs, toMs }: Period) => (fromMs ?? ms) <= ms && ms < (toMs ?? Number.POSITIVE_INFINITY);
  return { ...given, ownFlats: ownFlats.filter(holds), ownMeters: ownMeters.filter(holds) };
}

/** The permission for some subject, even if there is none yet: who was given no flat has an empty list of flats. */
export function canSomewhere(actor: Actor, permission: Permission): boolean {
  return actor.grants.some((grant) => grant.permission === permission || grant.permission === OWN[permission]);
}

/** What a thing belongs to; a thing without a building (a user, a role, a model) is reached only from everywhere. */
export interface Belonging {
  buildingId?: number | null;
  flatId?: number | null;
  meterId?: number | null;
}

export function can(actor: Actor, permission: Permission, thing: Belonging = {}): boolean {
  const { everywhere, buildingIds, ownFlats, ownMeters } = reach(actor, permission);
  if (everywhere) return true;
  if (thing.buildingId != null && buildingIds.includes(thing.buildingId)) return true;
  if (thing.flatId != null && ownFlats.some((own) => own.flatId === thing.flatId)) return true;
  return thing.meterId != null && ownMeters.some((own) => own.meterId === thing.meterId);
}
