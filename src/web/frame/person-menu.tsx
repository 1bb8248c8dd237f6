import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { mayDownload, type Me } from '../data/session.ts';
import { words } from '../words.ts';

interface Props {
  me: Me;
  path: string;
  leaving: boolean;
  onLogOut(): void;
}

function linksFor(me: Me): { href: string; label: string }[] {
  return [
    { href: '/account', label: words.nav.account },
    ...(mayDownload(me) ? [{ href: '/downloads', label: words.nav.downloads }] : []),
    { href: '/contact', label: words.nav.contact },
    ...(me.permissions.includes('token:read') ? [{ href: '/api/docs', label: words.nav.api }] : []),
  ];
}

/** Behind the person's name: what belongs to the person. Escape and everything outside close it. */
export function PersonMenu({ me, path, leaving, onLogOut }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('pointerdown', closeOutside);
    addEventListener('focusin', closeOutside);
    return () => {
      removeEventListener('pointerdown', closeOutside);
      removeEventListener('focusin', closeOutside);
    };
  }, [open]);
  const closeByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    setOpen(false);
    box.current?.querySelector('button')?.focus();
  };
  return (
    <div class="person" ref={box} onKeyDown={closeByKey}>
      <button
        type="button"
        class="quiet"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        title={words.nav.loggedInAs(me.email)}
        onClick={() => setOpen(!open)}
      >
        <span class="who-name">{me.name || me.email}</span>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="m2.5 4.5 3.5 3.5 3.5-3.5" />
        </svg>
      </button>
      {open && (
        <ul id={id} class="person-links">
          {linksFor(me).map(({ href, label }) => (
            <li key={href}>
              <a href={href} aria-current={path === href ? 'page' : undefined} onClick={() => setOpen(false)}>
                {label}
              </a>
            </li>
          ))}
          <li class="apart">
            <button type="button" onClick={onLogOut} disabled={leaving}>
              {words.nav.logOut}
            </button>
          </li>
        </ul>
      )}
    </div>
  );
}
