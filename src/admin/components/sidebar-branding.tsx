import React from 'react';
import { Link } from 'react-router-dom';

export function SidebarBranding() {
  return (
    <Link
      to="/admin"
      style={{ display: 'flex', alignItems: 'center', gap: 10, padding: '20px 28px 12px', textDecoration: 'none', color: '#17242d' }}
    >
      <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
        <rect width="26" height="26" rx="7" fill="#0b6e5f" />
        <path d="M14.5 4 7 14.5h5L11 22l8-11h-5.2z" fill="#fff" />
      </svg>
      <span style={{ fontWeight: 700, fontSize: 18 }}>Wattbook</span>
    </Link>
  );
}
