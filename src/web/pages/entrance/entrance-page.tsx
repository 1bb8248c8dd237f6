import type { ComponentChildren } from 'preact';
import { pickLanguage } from '../../data/language.ts';
import { LanguagePicker } from '../../parts/language-picker.tsx';
import { Logo } from '../../frame/logo.tsx';
import { words } from '../../words.ts';

/** The page before the house: one card, nothing else. */
export function EntrancePage({ title, lead, children }: { title: string; lead: string; children: ComponentChildren }) {
  return (
    <main class="entrance">
      <div class="card">
        <p class="brand">
          <Logo />
          <span>{words.product}</span>
        </p>
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {children}
      </div>
      <LanguagePicker onPick={pickLanguage} />
    </main>
  );
}
