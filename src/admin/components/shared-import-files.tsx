import { Text } from '@adminjs/design-system';
import React from 'react';
import type { ChosenFiles } from './shared-data-import';
import { FileChooser } from './shared-file-chooser';
import { KINDS } from './shared-import-kinds';

interface Files {
  kind: keyof typeof KINDS;
  chosen: ChosenFiles;
  busy: boolean;
  onChoose(role: string, file: File | null): void;
}

const LINK: React.CSSProperties = { color: '#0b6e5f', fontWeight: 600, cursor: 'pointer', fontSize: 13 };

function Help({ help, command }: { help: string; command: string }) {
  return (
    <>
      <Text style={{ color: '#475569', fontSize: 13, lineHeight: '19px' }}>{help}</Text>
      <details style={{ marginTop: 6 }}>
        <summary style={LINK}>How to export it</summary>
        <code
          style={{
            display: 'block',
            marginTop: 6,
            padding: '8px 12px',
            background: '#eef3f6',
            borderRadius: 6,
            fontSize: 12,
            lineHeight: '18px',
            overflowWrap: 'anywhere',
          }}
        >
          {command}
        </code>
      </details>
    </>
  );
}

/** A place for each file that the kind has, with what it is and how the old system gives it. */
export function ImportFiles({ kind, chosen, busy, onChoose }: Files) {
  const { files } = KINDS[kind];
  const [first] = files;
  if (first && files.length === 1) {
    const hint = 'At most 512 MB. Nothing is stored yet.';
    return (
      <FileChooser
        file={chosen[first.role] ?? null}
        busy={busy}
        accept={first.accept}
        hint={hint}
        onFile={(file) => onChoose(first.role, file)}
      />
    );
  }
  return (
    <div style={{ marginBottom: 24, borderBottom: '1px solid #e6ebef' }}>
      {files.map(({ role, label, accept, help, command, isOptional }) => (
        <div
          key={role}
          style={{
            display: 'grid',
            gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 300px), 1fr))',
            gap: '12px 32px',
            alignItems: 'start',
            padding: '18px 0',
            borderTop: '1px solid #e6ebef',
          }}
        >
          <div>
            <Text style={{ fontWeight: 700, fontSize: 15, marginBottom: 4 }}>
              {label}
              {isOptional ? <span style={{ color: '#64748b', fontWeight: 400, fontSize: 13 }}> may be missing</span> : null}
            </Text>
            <Help help={help} command={command} />
          </div>
          <div>
            <FileChooser file={chosen[role] ?? null} busy={busy} accept={accept} label={label} onFile={(file) => onChoose(role, file)} />
            {isOptional && chosen[role] ? (
              <button
                type="button"
                disabled={busy}
                onClick={() => onChoose(role, null)}
                style={{ ...LINK, fontFamily: 'inherit', border: 0, padding: 0, marginTop: 8, background: 'none' }}
              >
                Leave it out
              </button>
            ) : null}
          </div>
        </div>
      ))}
    </div>
  );
}
