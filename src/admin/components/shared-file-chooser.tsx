import { Icon, Text } from '@adminjs/design-system';
import React, { useState } from 'react';

interface Chooser {
  file: File | null;
  busy: boolean;
  /** What it takes, as the browser's dialog wants it. */
  accept: string;
  hint?: string;
  /** Of one among several, which are smaller. */
  label?: string;
  onFile(file: File): void;
}

/** A place to drop a file on, or to choose one. */
export function FileChooser({ file, busy, accept, hint, label, onFile }: Chooser) {
  const [over, setOver] = useState(false);
  const isSmall = file !== null || label !== undefined;
  const take = (files: FileList | null): void => {
    if (files?.[0]) onFile(files[0]);
  };
  return (
    <label
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
      style={{
        display: 'flex',
        position: 'relative',
        flexDirection: isSmall ? 'row' : 'column',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: isSmall ? '4px 16px' : 8,
        padding: isSmall ? 14 : 32,
        marginBottom: label === undefined ? 24 : 0,
        border: `2px dashed ${over ? '#0b6e5f' : '#c5d0d8'}`,
        borderRadius: 10,
        background: over ? '#eef6f4' : '#f9fbfc',
        cursor: 'pointer',
      }}
    >
      <Icon icon={busy ? 'Loader' : 'Upload'} spin={busy} size={label === undefined ? 28 : 20} color="#0b6e5f" />
      <Text style={{ fontWeight: 600, fontSize: label === undefined ? 15 : 14, wordBreak: 'break-word' }}>
        {file ? file.name : 'Choose a file, or drop it here'}
      </Text>
      {file || hint ? <Text style={{ color: '#64748b', fontSize: 13 }}>{file ? 'Choose another one' : hint}</Text> : null}
      <input
        type="file"
        accept={accept}
        aria-label={label}
        data-testid="import-file"
        // So that the same file, saved again, is read again.
        onClick={(event) => (event.currentTarget.value = '')}
        onChange={(event) => take(event.target.files)}
        style={{ position: 'absolute', width: 1, height: 1, opacity: 0 }}
      />
    </label>
  );
}
