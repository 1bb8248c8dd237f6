import type { ComponentChildren } from 'preact';
import type { Trouble } from '../data/api.ts';
import { words } from '../words.ts';

export function Loading({ rows = 3 }: { rows?: number }) {
  return (
    <div class="loading" role="status">
      <span class="hidden">{words.loading}</span>
      {Array.from({ length: rows }, (_, i) => (
        <span key={i} class="bone" aria-hidden="true" />
      ))}
    </div>
  );
}

/** What went wrong, and the one thing to do about it. */
export function TroubleNotice({ trouble, onAgain }: { trouble: Trouble; onAgain(): void }) {
  return (
    <div class="notice bad" role="alert">
      <div>
        <strong>{words.trouble.title}</strong>
        <p>{trouble.message}</p>
      </div>
      <button type="button" onClick={onAgain}>
        {words.again}
      </button>
    </div>
  );
}

interface EmptyProps {
  title: string;
  text: string;
  /** 2 below the heading of a page. */
  level?: 1 | 2;
  children?: ComponentChildren;
}

export function Empty({ title, text, level = 1, children }: EmptyProps) {
  const Heading = `h${level}` as const;
  return (
    <div class="empty">
      <Heading>{title}</Heading>
      <p>{text}</p>
      {children}
    </div>
  );
}

export function DemoBanner() {
  return (
    <aside class="notice demo" aria-label={words.demo.label}>
      <p>
        <strong>{words.demo.label}.</strong> {words.demo.text} <code>{words.demo.command}</code>
      </p>
    </aside>
  );
}

/** Said once the connection is lost, and taken back when it is there again. */
export function ConnectionNotice({ connected }: { connected: boolean | null }) {
  return (
    <div role="status" class={connected === false ? 'notice bad connection' : 'hidden'}>
      {connected === false ? words.connection.lost : ''}
    </div>
  );
}
