import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Address, type Email } from 'postal-mime';

export interface CaughtMailEntry {
  name: string;
  email: Email;
}

// What the catcher writes; nothing else is ever opened.
const NAME = /^[\dTZ.-]+-\d+\.eml$/;
const LIST_LIMIT = 100;

export function sayAddresses(addresses: readonly Address[] | undefined): string {
  return (addresses ?? []).map(({ name, address }) => (name ? `${name} <${address}>` : (address ?? ''))).join(', ');
}

async function parse(folder: string, name: string): Promise<CaughtMailEntry> {
  return { name, email: await PostalMime.parse(await readFile(join(folder, name))) };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => NAME.test(name)).toSorted();
  } catch (err) {
    // The catcher makes its folder with the first mail.
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw err;
  }
}

/** The newest caught mails, newest first, and how many there are. */
export async function listCaughtMails(folder: string): Promise<{ mails: CaughtMailEntry[]; total: number }> {
  const names = await namesIn(folder);
  const newest = names.slice(-LIST_LIMIT).toReversed();
  return { mails: await Promise.all(newest.map((name) => parse(folder, name))), total: names.length };
}

/** Null when there is no such mail. */
export async function findCaughtMail(folder: string, name: string): Promise<CaughtMailEntry | null> {
  return (await namesIn(folder)).includes(name) ? parse(folder, name) : null;
}
