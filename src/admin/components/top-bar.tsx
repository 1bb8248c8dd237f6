import { Box, Icon } from '@adminjs/design-system';
import type { ReduxState } from 'adminjs';
import React from 'react';
import { useSelector } from 'react-redux';

const LINK: React.CSSProperties = { color: '#0b6e5f', fontWeight: 600, textDecoration: 'none', fontSize: 14 };

async function logOut(): Promise<void> {
  await fetch('/api/v1/session', { method: 'DELETE' });
  window.location.assign('/');
}

export function TopBar({ toggleSidebar }: { toggleSidebar(): void }) {
  const session = useSelector((state: ReduxState) => state.session) as unknown as { name: string; role: string } | null;
  return (
    <Box
      flex
      style={{
        height: 56,
        flexShrink: 0,
        alignItems: 'center',
        gap: 20,
        padding: '0 24px',
        background: '#fff',
        borderBottom: '1px solid #e2e8ed',
      }}
    >
      <button type="button" className="office-menu" aria-label="Menu" onClick={toggleSidebar}>
        <Icon icon="Menu" size={24} />
      </button>
      <a href="/" style={LINK}>
        Dashboard
      </a>
      <span style={{ flexGrow: 1 }} />
      <span style={{ fontSize: 14, color: '#334155' }}>
        <a href="/account" style={LINK}>
          {session?.name}
        </a>{' '}
        <span className="office-role" style={{ color: '#64748b' }}>
          {session?.role}
        </span>
      </span>
      <button
        type="button"
        onClick={() => void logOut()}
        style={{ ...LINK, border: 0, background: 'none', cursor: 'pointer', padding: 0, whiteSpace: 'nowrap' }}
      >
        Log out
      </button>
    </Box>
  );
}
