import { Icon } from '@adminjs/design-system';
import type { ReduxState, ResourceJSON } from 'adminjs';
import React from 'react';
import { useSelector } from 'react-redux';
import { Link, useLocation } from 'react-router-dom';

interface Item {
  href: string;
  label: string;
}

function linkStyle(selected: boolean): React.CSSProperties {
  return {
    display: 'block',
    padding: '3px 12px',
    borderRadius: 6,
    fontSize: 14,
    lineHeight: '20px',
    textDecoration: 'none',
    color: selected ? '#0b6e5f' : '#334155',
    background: selected ? '#e3f3f0' : 'transparent',
    fontWeight: selected ? 600 : 400,
  };
}

function Group({ name, icon, items, path }: { name: string; icon: string; items: Item[]; path: string }) {
  return (
    <div style={{ marginBottom: 12 }}>
      <div
        style={{
          display: 'flex',
          alignItems: 'center',
          gap: 8,
          padding: '0 12px 3px',
          color: '#64748b',
          fontSize: 12,
          fontWeight: 600,
          letterSpacing: '.04em',
        }}
      >
        <Icon icon={icon as never} />
        {name.toUpperCase()}
      </div>
      {items.map(({ href, label }) => (
        <Link
          key={href}
          to={href}
          reloadDocument={href === '/admin/queues'}
          style={linkStyle(path === href || path.startsWith(`${href}/`))}
        >
          {label}
        </Link>
      ))}
    </div>
  );
}

/** All groups are open: four short lists, and nobody has to remember what is in which. */
export function SidebarResourceSection({ resources }: { resources: ResourceJSON[] }) {
  const { pathname } = useLocation();
  const branding = useSelector((state: ReduxState) => state.branding) as { queues?: boolean; keeping?: boolean; imports?: boolean };
  const labels = useSelector((state: ReduxState) => state.locale.translations?.en?.labels) as Record<string, string> | undefined;
  const groups = new Map<string, { icon: string; items: Item[] }>();
  for (const resource of resources) {
    const name = resource.navigation?.name;
    if (!resource.href || !name) continue;
    const group = groups.get(name) ?? { icon: resource.navigation?.icon ?? '', items: [] };
    group.items.push({ href: resource.href, label: labels?.[resource.id] ?? resource.name });
    if (resource.id === 'meters') group.items.push({ href: '/admin/pages/readings', label: 'Readings and gaps' });
    if (resource.id === 'messages') group.items.push({ href: '/admin/pages/senders', label: 'Unknown senders' });
    groups.set(name, group);
  }
  if (branding.imports) groups.get('Operation')?.items.push({ href: '/admin/pages/import', label: 'Import old data' });
  if (branding.keeping) groups.get('Operation')?.items.push({ href: '/admin/pages/keeping', label: 'Keeping' });
  if (branding.queues) groups.get('Operation')?.items.push({ href: '/admin/queues', label: 'Queues' });
  return (
    <nav style={{ padding: '8px 16px' }} aria-label="Back office">
      {[...groups].map(([name, { icon, items }]) => (
        <Group key={name} name={name} icon={icon} items={items} path={pathname} />
      ))}
    </nav>
  );
}
