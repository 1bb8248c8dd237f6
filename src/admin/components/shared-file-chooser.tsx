import { Icon, Text } from '@adminjs/design-system';
import React, { useState } from 'react';

interface Chooser {
  file: File | null;
  busy: boolean;
  /** What it takes, as the browser's dialog wants it. */
  accept: string;
  hint: string;
  onFile(file: File): void;
}

/** A place to drop a file on, or to choose one. */
export function FileChooser({ file, busy, accept, hint, onFile }: Chooser) {
  const [over, setOver] = useState(false);
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
        flexDirection: file ? 'row' : 'column',
        alignItems: 'center',
        gap: file ? 16 : 8,
        padding: file ? 14 : 32,
        marginBottom: 24,
        border: `2px dashed ${over ? '#0b6e5f' : '#c5d0d8'}`,
        borderRadius: 10,
        background: over ? '#eef6f4' : '#f9fbfc',
        cursor: 'pointer',
      }}
    >
      <Icon icon={busy ? 'Loader' : 'Upload'} spin={busy} size={28} color="#0b6e5f" />
      <Text style={{ fontWeight: 600, fontSize: 15, wordBreak: 'break-word' }}>{file ? file.name : 'Choose a file, or drop it here'}</Text>
      <Text style={{ color: '#64748b', fontSize: 13 }}>{file ? 'Choose another one' : hint}</Text>
      <input
        type="file"
        accept={accept}
        data-testid="import-file"
        // So that the same file, saved again, is read again.
        onClick={(event) => (event.currentTarget.value = '')}
        onChange={(event) => take(event.target.files)}
        style={{ position: 'absolute', width: 1, height: 1, opacity: 0 }}
      />
    </label>
  );
}
