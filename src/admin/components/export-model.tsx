import { Button, Icon, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React from 'react';
import { Card } from './shared-parts';

const FORMATS = [
  { format: 'csv', label: 'Export CSV', help: 'The text of a model file, as in meters/: for versions and for other programs.' },
  { format: 'xlsx', label: 'Export XLSX', help: 'A sheet with the registers and one with the head: to work on in a spreadsheet.' },
];

export function ExportModel({ record }: ActionProps) {
  return (
    <Card title={record?.title ?? ''}>
      <Text mb="xl">All registers of this model as a file. Changed or not, it can be imported again: Meter models, Import.</Text>
      <div style={{ display: 'flex', gap: 48, flexWrap: 'wrap' }}>
        {FORMATS.map(({ format, label, help }) => (
          <div key={format} style={{ maxWidth: 300 }}>
            <Button
              as="a"
              variant="contained"
              href={`/api/v1/models/${record?.id}/export?format=${format}`}
              download={`${record?.params['key']}.${format}`}
              data-testid="run-action"
            >
              <Icon icon="Download" />
              {label}
            </Button>
            <Text style={{ color: '#64748b', fontSize: 13, lineHeight: '20px', marginTop: 8 }}>{help}</Text>
          </div>
        ))}
      </div>
    </Card>
  );
}
