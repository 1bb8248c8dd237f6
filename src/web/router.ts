import { useEffect, useState } from 'preact/hooks';

const moved = new EventTarget();

export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (path === location.pathname + location.search) return;
  history[options.replace ? 'replaceState' : 'pushState'](null, '', path);
  moved.dispatchEvent(new Event('move'));
}

function useAddress(part: 'pathname' | 'search'): string {
  const [shown, setShown] = useState(location[part]);
  useEffect(() => {
    const read = () => setShown(location[part]);
    moved.addEventListener('move', read);
    addEventListener('popstate', read);
    return () => {
      moved.removeEventListener('move', read);
      removeEventListener('popstate', read);
    };
  }, [part]);
  return shown;
}

/** The path of the address, kept up with links, back and forward. */
export function usePath(): string {
  return useAddress('pathname');
}

/** What follows the path, with its question mark. */
export function useSearch(): string {
  return useAddress('search');
}

/** The address asked for before the log-in, if it is one of this site. */
export function wantedAddress(): string | null {
  const next = new URLSearchParams(location.search).get('next');
  if (next === null || !URL.canParse(next, location.origin)) return null;
  const url = new URL(next, location.origin);
  // A path that begins with two slashes is another site's address.
  if (url.origin !== location.origin || url.pathname.startsWith('//') || url.pathname.startsWith('/log-in')) return null;
  return url.pathname + url.search;
}

/** Pages of the app itself; the others (/admin) are answered by the server. */
function isOwnPage(path: string): boolean {
  return !/^\/(admin|api|dev|openapi\.json)(\/|$|\?)/.test(path);
}

export function goTo(path: string): void {
  if (isOwnPage(path)) navigate(path, { replace: true });
  else location.assign(path);
}

/** Follows plain clicks on links of the app without loading the page again. */
export function followLink(event: MouseEvent): void {
  const link = (event.target as Element).closest('a');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.target !== '' || link.hash !== '' || !isOwnPage(link.pathname)) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
  scrollTo(0, 0);
}
