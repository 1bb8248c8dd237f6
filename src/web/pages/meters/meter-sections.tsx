import { metersQueryOf } from '../../data/meters-view.ts';
import { words } from '../../words.ts';

const { meterPages: text } = words;

/** From the readings of a building's meters to their balance, and back. */
export function MeterSections({ path, buildingId }: { path: string; buildingId: number | null }) {
  const query = metersQueryOf({ buildingId });
  const sections = [
    { href: '/meters', label: text.coverage },
    { href: '/meters/balance', label: text.balance },
  ];
  return (
    <nav class="sections" aria-label={text.sections}>
      {sections.map(({ href, label }) => (
        <a key={href} href={`${href}${query}`} aria-current={href === path ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
