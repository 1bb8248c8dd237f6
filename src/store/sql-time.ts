/** A moment as the database takes it: the raw connector would bind a Date in local time. */
export function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}

/** A day, which the database knows without a zone: Prisma gives and takes it as that day's midnight in UTC. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function dateOfDay(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
